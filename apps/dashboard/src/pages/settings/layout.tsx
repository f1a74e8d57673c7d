import { Outlet } from '@tanstack/react-router'
import { SETTINGS_PAGES } from '../../paths.ts'
import { useProject } from '../../shell/project-scope.ts'
import { PageTab, PageTabs } from '../../ui/page-tabs.tsx'

/** The pages under Settings, of which one sees those that the role allows. */
export function Page() {
  const { id: projectId, can } = useProject()
  return (
    <>
      <PageTabs label="Settings">
        {SETTINGS_PAGES.filter(({ permission }) => can(permission)).map(({ to, label }) => (
          <PageTab key={to} to={to} params={{ projectId }} activeOptions={{ exact: true }}>
            {label}
          </PageTab>
        ))}
      </PageTabs>
      <Outlet />
    </>
  )
}
