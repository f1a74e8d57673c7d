import { useAccount } from '../../shell/person.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { DeletedList } from './deleted-list.tsx'
import { Health } from './health.tsx'
import { NotForYou } from './not-for-you.tsx'
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
      <DeletedList />
    </>
  )
}
