import { Drawer } from '@mantine/core'
import type { ReactNode } from 'react'
import { useFocusBack } from '../ui/use-focus-back.ts'
import classes from './shell.module.css'

/** The sidebar on screens that have no room beside the page. */
export default function MenuDrawer({
  isOpen,
  onClose,
  children,
}: {
  isOpen: boolean
  onClose(): void
  children: ReactNode
}) {
  useFocusBack(isOpen)
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      returnFocus={false}
      size={288}
      padding={0}
      title="Menu"
      classNames={{ header: classes.drawerHeader ?? '' }}
    >
      <div className={classes.drawer}>{children}</div>
    </Drawer>
  )
}
