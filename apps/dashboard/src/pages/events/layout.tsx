import { Outlet } from '@tanstack/react-router'
import { EVENT_PAGES } from '../../paths.ts'
import { ProjectTabs } from '../../shell/project-tabs.tsx'

/** The pages under Events. */
export function Page() {
  return (
    <>
      <ProjectTabs label="Events" pages={EVENT_PAGES} />
      <Outlet />
    </>
  )
}
