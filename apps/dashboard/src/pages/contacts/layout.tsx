import { Outlet } from '@tanstack/react-router'
import { CONTACT_PAGES } from '../../paths.ts'
import { ProjectTabs } from '../../shell/project-tabs.tsx'

/** The pages under Contacts, of which one sees those that the role allows. */
export function Page() {
  return (
    <>
      <ProjectTabs label="Contacts" pages={CONTACT_PAGES} />
      <Outlet />
    </>
  )
}
