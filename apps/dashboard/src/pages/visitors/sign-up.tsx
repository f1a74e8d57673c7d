import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { DeadLink } from './dead-link.tsx'
import { NewAccountForm } from './new-account-form.tsx'
import { OtherWays } from './other-ways.tsx'

const route = getRouteApi('/visitors/sign-up')

/** Where sign-up is open to everybody. */
export function Page() {
  const { back } = route.useSearch()
  const { data: options } = useQuery(trpc.account.options.queryOptions({}))
  const [askedFor, setAskedFor] = useState<string>()
  if (options?.signUps === 'invitation') {
    return (
      <DeadLink title="By invitation">
        An account needs an invitation here. Ask somebody who works with this Posthorn to invite you.
      </DeadLink>
    )
  }
  if (askedFor !== undefined) {
    return (
      <>
        <PageHeader title="Look into your mailbox" />
        <Text>
          We have sent a mail to <b>{askedFor}</b>. Open its link to go on. It works for an hour.
        </Text>
      </>
    )
  }
  return (
    <>
      <PageHeader title="Make an account" />
      <NewAccountForm action="Go on" onDone={setAskedFor} />
      <OtherWays providers={options?.providers ?? []} back={back} />
    </>
  )
}
