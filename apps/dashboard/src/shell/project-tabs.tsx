import type { ProjectPage } from '../paths.ts'
import { PageTab, PageTabs } from '../ui/page-tabs.tsx'
import { useProject } from './project-scope.ts'

/** Pages of a project that stand beside each other, as far as the role allows them. */
export function ProjectTabs({ label, pages }: { label: string; pages: readonly ProjectPage[] }) {
  const { id: projectId, can } = useProject()
  return (
    <PageTabs label={label}>
      {pages
        .filter(({ permission }) => can(permission))
        .map(({ to, label: name }) => (
          <PageTab key={to} to={to} params={{ projectId }} activeOptions={{ exact: true, includeSearch: false }}>
            {name}
          </PageTab>
        ))}
    </PageTabs>
  )
}
