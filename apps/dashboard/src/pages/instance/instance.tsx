import { Button } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useAccount } from '../../shell/person.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Health } from './health.tsx'
import { Numbers } from './numbers.tsx'
import { ProjectList } from './project-list.tsx'
import { UserList } from './user-list.tsx'

/** How the whole instance is doing, for whoever owns it. */
export function Page() {
  const { isInstanceOwner } = useAccount()
  if (!isInstanceOwner) return <NotForYou />
  return (
    <>
      <PageHeader title="Instance" lead="How this Posthorn as a whole is doing." />
      <Numbers />
      <Health />
      <ProjectList />
      <UserList />
    </>
  )
}

function NotForYou() {
  return (
    <>
      <PageHeader title="Instance" />
      <EmptyState
        title="Only the owner of this Posthorn sees this page"
        icon={<IconLock size={22} />}
        action={
          <Button component={Link} to="/">
            To your projects
          </Button>
        }
      >
        It is about all projects and people together.
      </EmptyState>
    </>
  )
}
