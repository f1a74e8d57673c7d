import { useQuery } from '@tanstack/react-query'
import { useProject } from '../../shell/project-scope.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Domains } from './general/domains.tsx'
import { GeneralFacts } from './general/general-facts.tsx'
import { GeneralForm } from './general/general-form.tsx'

/** Name, sender, language and the like of the project. */
export function Page() {
  const { trpc, can } = useProject()
  const query = useQuery(trpc.project.get.queryOptions({}))
  return (
    <Loaded query={query} title="General">
      {(project) => (
        <>
          <PageHeader title="General" documentTitle="Settings" />
          {can('project:write') ? <GeneralForm project={project} /> : <GeneralFacts project={project} />}
          <Domains project={project} />
        </>
      )}
    </Loaded>
  )
}
