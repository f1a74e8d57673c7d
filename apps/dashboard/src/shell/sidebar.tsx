import { Kbd, UnstyledButton } from '@mantine/core'
import { IconSearch, IconServer2 } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { PROJECT_PAGES } from '../paths.ts'
import { Logo } from '../ui/logo.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Deletions } from './deletions.tsx'
import { useAccount } from './person.tsx'
import { ProjectSwitcher, type ProjectChoice } from './project-switcher.tsx'
import { mayIn } from './project-scope.ts'
import classes from './sidebar.module.css'

interface SidebarProps {
  current: ProjectChoice | undefined
  projects: readonly ProjectChoice[]
  onSearch(): void
}

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent)

export function Sidebar({ current, projects, onSearch }: SidebarProps) {
  const account = useAccount()
  return (
    <div className={classes.sidebar}>
      <Link to="/" className={classes.brand}>
        <Logo size={26} />
        Posthorn
      </Link>
      <ProjectSwitcher current={current} projects={projects} />
      <Deletions />
      <UnstyledButton className={classes.search} onClick={onSearch}>
        <IconSearch size={16} aria-hidden />
        <span>Search</span>
        <Kbd size="xs">{isMac ? '⌘ K' : 'Ctrl K'}</Kbd>
      </UnstyledButton>
      <nav aria-label="Pages" className={classes.pages}>
        {current !== undefined &&
          PROJECT_PAGES.filter(({ permission }) => mayIn(current.role, permission)).map(({ to, label, icon: Icon }) => (
            <Link
              key={to}
              to={to}
              params={{ projectId: current.id }}
              className={classes.page}
              activeOptions={{ exact: to === '/p/$projectId', includeSearch: false }}
              activeProps={{ 'data-active': true, 'aria-current': 'page' }}
            >
              <Icon size={18} stroke={1.7} aria-hidden />
              {label}
            </Link>
          ))}
        {account.isInstanceOwner && (
          <>
            <hr className={classes.rule} />
            <Link to="/instance" className={classes.page} activeProps={{ 'data-active': true, 'aria-current': 'page' }}>
              <IconServer2 size={18} stroke={1.7} aria-hidden />
              Instance
            </Link>
          </>
        )}
      </nav>
      <AccountMenu account={account} />
    </div>
  )
}
