import { Outlet } from '@tanstack/react-router'
import { PageTab, PageTabs } from '../../ui/page-tabs.tsx'

/** The pages of one's own account. */
export function Page() {
  return (
    <div style={{ maxWidth: '46rem' }}>
      <PageTabs label="Account">
        <PageTab to="/account" activeOptions={{ exact: true }}>
          Profile
        </PageTab>
        <PageTab to="/account/security">Security</PageTab>
        <PageTab to="/account/sessions">Sessions</PageTab>
        <PageTab to="/account/activity">Activity</PageTab>
      </PageTabs>
      <Outlet />
    </div>
  )
}
