import { Anchor, Button, Stack, Text } from '@mantine/core'
import { ROLE_WORDS } from '@posthorn/contracts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { codeOf, problemOf, type Problem } from '../../api/problem.ts'
import { VISITORS_TOO } from '../../api/reacting-link.ts'
import { client, trpc } from '../../api/trpc.ts'
import { leave } from '../../auth/leave.ts'
import { useLinkToken } from '../../auth/link-token.ts'
import { useEntry } from '../../auth/use-entry.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { useAccept } from './accept.ts'
import { DeadLink } from './dead-link.tsx'
import { NewAccountForm } from './new-account-form.tsx'
import { OtherWays } from './other-ways.tsx'

/** Shows what one is invited to, and lets one in: with the account that one has, or with a new one. */
export function Page() {
  const token = useLinkToken()
  if (token === undefined) return <DeadLink title="Invitation">Open the whole link from the mail.</DeadLink>
  return <Invitation token={token} />
}

function Invitation({ token }: { token: string }) {
  // A mutation to the server, so that the token is in no address, and a question to us.
  const invitation = useQuery({
    queryKey: [...trpc.invitations.get.mutationKey(), token],
    queryFn: () => client.invitations.get.mutate({ token }),
  })
  const account = useQuery(trpc.account.get.queryOptions({}, { trpc: VISITORS_TOO, retry: false }))
  if (codeOf(invitation.error) === 'INVITATION_NOT_FOUND') {
    return (
      <DeadLink title="This invitation is over">
        It was used, revoked, or is more than seven days old. Whoever invited you can send a new one.
      </DeadLink>
    )
  }
  return (
    <Loaded query={invitation} title="Invitation">
      {({ projectName, email, role }) => (
        <>
          <PageHeader
            title={`Join ${projectName}`}
            lead={
              <>
                You are invited as <b>{role}</b>. {ROLE_WORDS[role]}.
              </>
            }
          />
          {account.data !== undefined && <Accept token={token} invited={email} signedInAs={account.data.email} />}
          {account.isError && <Newcomer token={token} email={email} />}
        </>
      )}
    </Loaded>
  )
}

function Accept({ token, invited, signedInAs }: { token: string; invited: string; signedInAs: string }) {
  const accept = useAccept()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const join = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await accept(token)
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  if (signedInAs.toLowerCase() !== invited.toLowerCase()) {
    return (
      <Stack>
        <Text>
          The invitation is for <b>{invited}</b>, and you are signed in as <b>{signedInAs}</b>.
        </Text>
        <Button variant="default" onClick={() => void leave(`${location.pathname}${location.hash}`)}>
          Sign out and go on as {invited}
        </Button>
      </Stack>
    )
  }
  return (
    <Stack>
      <FormProblem problem={problem} />
      <Button fullWidth loading={isBusy} onClick={() => void join()}>
        Join the project
      </Button>
    </Stack>
  )
}

function Newcomer({ token, email }: { token: string; email: string }) {
  const enter = useEntry()
  const { data: options } = useQuery(trpc.account.options.queryOptions({}))
  return (
    <>
      <NewAccountForm token={token} email={email} action="Make an account and join" onDone={() => enter()} />
      <OtherWays providers={options?.providers ?? []} back="/" token={token} />
      <Text mt="lg" ta="center">
        You have an account?{' '}
        <Anchor
          renderRoot={(props) => (
            <Link to="/sign-in" search={{ back: `${location.pathname}${location.hash}` }} {...props} />
          )}
        >
          Sign in to join
        </Anchor>
      </Text>
    </>
  )
}
