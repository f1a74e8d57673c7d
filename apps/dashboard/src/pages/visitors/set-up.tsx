import { useQuery } from '@tanstack/react-query'
import { trpc } from '../../api/trpc.ts'
import { useLinkToken } from '../../auth/link-token.ts'
import { useEntry } from '../../auth/use-entry.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { DeadLink } from './dead-link.tsx'
import { NewAccountForm } from './new-account-form.tsx'

/** The first account of an instance. */
export function Page() {
  const token = useLinkToken()
  const { data: options } = useQuery(trpc.account.options.queryOptions({}))
  const enter = useEntry()
  if (options?.setUpNeeded === false) {
    return <DeadLink title="Already set up">The first account was made, so this link does nothing any more.</DeadLink>
  }
  if (token === undefined) {
    return (
      <DeadLink title="Set up Posthorn">
        Open the whole link that Posthorn printed when it started, or get a new one with{' '}
        <code>pnpm posthorn setup-link</code>.
      </DeadLink>
    )
  }
  return (
    <>
      <PageHeader
        title="Set up Posthorn"
        lead="This makes the first account. It owns this instance and the projects that are here."
      />
      <NewAccountForm token={token} action="Make the account" onDone={() => enter()} />
    </>
  )
}
