import { createLink } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'
import classes from './page-tabs.module.css'

/** Pages that stand beside each other under one heading; each has an address of its own. */
export function PageTabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      {children}
    </nav>
  )
}

/** The link says `aria-current` by itself where it leads to the page that is shown. */
export const PageTab = createLink(({ children, ...props }: ComponentProps<'a'>) => (
  <a {...props} className={classes.tab}>
    {children}
  </a>
))
