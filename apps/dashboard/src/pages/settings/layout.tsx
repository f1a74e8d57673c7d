import { Outlet } from '@tanstack/react-router'
import { SETTINGS_PAGES } from '../../paths.ts'
import { ProjectTabs } from '../../shell/project-tabs.tsx'

/** The pages under Settings, of which one sees those that the role allows. */
export function Page() {
  return (
    <>
      <ProjectTabs label="Settings" pages={SETTINGS_PAGES} />
      <Outlet />
    </>
  )
}
