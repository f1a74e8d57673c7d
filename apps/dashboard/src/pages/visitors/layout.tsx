import { Paper } from '@mantine/core'
import { Outlet } from '@tanstack/react-router'
import { Logo } from '../../ui/logo.tsx'
import classes from './layout.module.css'

/** The frame of every page for those who are not signed in. */
export function Page() {
  return (
    <div className={classes.layout}>
      <header className={classes.brand}>
        <Logo size={36} />
        Posthorn
      </header>
      <main className={classes.main}>
        <Paper p={{ base: 'lg', xs: 'xl' }}>
          <Outlet />
        </Paper>
      </main>
    </div>
  )
}
