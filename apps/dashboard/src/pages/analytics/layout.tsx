import { Outlet } from '@tanstack/react-router'
import { ANALYTICS_PAGES } from '../../paths.ts'
import { ProjectTabs } from '../../shell/project-tabs.tsx'

/** The pages under Analytics. */
export function Page() {
  return (
    <>
      <ProjectTabs label="Analytics" pages={ANALYTICS_PAGES} />
      <Outlet />
    </>
  )
}
