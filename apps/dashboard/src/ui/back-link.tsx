import { IconArrowLeft } from '@tabler/icons-react'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'
import classes from './back-link.module.css'

/** From one thing back to the list it is of. */
export const BackLink = createLink(function BackAnchor({ children, ...props }: ComponentProps<'a'>) {
  return (
    <a {...props} className={classes.back}>
      <IconArrowLeft size={15} aria-hidden /> {children}
    </a>
  )
})
