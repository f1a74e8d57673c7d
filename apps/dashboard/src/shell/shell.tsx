import { ActionIcon } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconMenu2, IconSearch } from '@tabler/icons-react'
import { Link, Outlet, useParams, useRouter } from '@tanstack/react-router'
import { Suspense, useCallback, useEffect, useState } from 'react'
import { loadedLater } from '../api/page-code.ts'
import { Logo } from '../ui/logo.tsx'
import { lastProject } from './last-project.ts'
import { useProjects } from './person.tsx'
import { Sidebar } from './sidebar.tsx'
import classes from './shell.module.css'

const Palette = loadedLater(() => import('./palette.tsx'))
const MenuDrawer = loadedLater(() => import('./menu-drawer.tsx'))

/** What is opened on request is loaded with the first request. */
type OnRequest = 'unused' | 'open' | 'closed'

/** The frame around every page of somebody who is signed in. */
export function Page() {
  const { projectId } = useParams({ strict: false })
  const projects = useProjects()
  const router = useRouter()
  // On pages of no project the sidebar stays with the one that was worked on last.
  const current =
    projectId === undefined
      ? (projects.find(({ id }) => id === lastProject()) ?? projects[0])
      : projects.find(({ id }) => id === projectId)
  const [menu, setMenu] = useState<OnRequest>('unused')
  const [palette, setPalette] = useState<OnRequest>('unused')
  const closeMenu = useCallback(() => setMenu((before) => (before === 'open' ? 'closed' : before)), [])
  const openPalette = () => {
    closeMenu()
    setPalette('open')
  }
  useHotkeys([['mod+K', () => setPalette((before) => (before === 'open' ? 'closed' : 'open'))]], [])
  useEffect(() => router.subscribe('onBeforeNavigate', closeMenu), [router, closeMenu])
  const sidebar = <Sidebar current={current} projects={projects} onSearch={openPalette} />
  return (
    <>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <div className={classes.shell}>
        <aside className={classes.aside}>{sidebar}</aside>
        <header className={classes.top}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Open menu" onClick={() => setMenu('open')}>
            <IconMenu2 size={20} aria-hidden />
          </ActionIcon>
          <Link to="/" className={classes.brand} aria-label="Posthorn, to the start">
            <Logo size={24} />
          </Link>
          <span className={classes.where}>{current?.name ?? 'Posthorn'}</span>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Search pages and actions"
            onClick={openPalette}
          >
            <IconSearch size={20} aria-hidden />
          </ActionIcon>
        </header>
        <main id="content" tabIndex={-1} className={classes.main}>
          <Outlet />
        </main>
      </div>
      {menu !== 'unused' && (
        <Suspense>
          <MenuDrawer isOpen={menu === 'open'} onClose={() => setMenu('closed')}>
            {sidebar}
          </MenuDrawer>
        </Suspense>
      )}
      {palette !== 'unused' && (
        <Suspense>
          <Palette isOpen={palette === 'open'} onClose={() => setPalette('closed')} project={current} />
        </Suspense>
      )}
    </>
  )
}
