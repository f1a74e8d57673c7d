import { Button } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { Link, Outlet, getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useLiveChanges } from '../api/live.ts'
import { projectTrpc } from '../api/trpc.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { EmptyState } from '../ui/states.tsx'
import { rememberProject } from './last-project.ts'
import { useProjects } from './person.tsx'
import { ProjectContext, mayIn, type ProjectScope } from './project-scope.ts'

const route = getRouteApi('/in/p/$projectId')

/** Everything below a project: who one is in it, and that it stays current. */
export function Page() {
  const { projectId } = route.useParams()
  const project = useProjects().find(({ id }) => id === projectId)
  if (project === undefined) return <NoSuchProject />
  return <Inside key={project.id} {...project} />
}

function Inside({ id, name, role }: Pick<ProjectScope, 'id' | 'name' | 'role'>) {
  useLiveChanges(id)
  useEffect(() => rememberProject(id), [id])
  const scope = useMemo<ProjectScope>(
    () => ({ id, name, role, can: (permission) => mayIn(role, permission), trpc: projectTrpc(id) }),
    [id, name, role],
  )
  return (
    <ProjectContext value={scope}>
      <Outlet />
    </ProjectContext>
  )
}

/** The same for a project that never was and for one that is none of ours. */
function NoSuchProject() {
  return (
    <>
      <PageHeader title="No such project" />
      <EmptyState
        title="There is no project here that you work on"
        icon={<IconMapQuestion size={22} />}
        action={
          <Button component={Link} to="/">
            To your projects
          </Button>
        }
      >
        It may have been deleted, or you are no longer one of its members. An owner or admin can invite you again.
      </EmptyState>
    </>
  )
}
