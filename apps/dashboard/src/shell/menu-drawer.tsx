import { Drawer } from '@mantine/core'
import type { ReactNode } from 'react'
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
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      size={288}
      padding={0}
      title="Menu"
      classNames={{ header: classes.drawerHeader ?? '' }}
    >
      <div className={classes.drawer}>{children}</div>
    </Drawer>
  )
}
