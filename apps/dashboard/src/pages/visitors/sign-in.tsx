import { Alert, Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import { useEntry } from '../../auth/use-entry.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { OtherWays } from './other-ways.tsx'
import { PasswordForm } from './password-form.tsx'
import { SecondFactorForm } from './second-factor-form.tsx'

const route = getRouteApi('/visitors/sign-in')

/** What providers send people back with. */
const ERRORS: Record<string, string> = {
  access_denied: 'Signing in there was cancelled.',
  account_not_linked: 'There is an account with this address already. Sign in with its password.',
}

export function Page() {
  const { back, error, step } = route.useSearch()
  const { data: options } = useQuery(trpc.account.options.queryOptions({}))
  const [asksForCode, setAsksForCode] = useState(step === 'second-factor')
  const enter = useEntry()
  const onDone = () => enter(back)
  if (asksForCode) return <SecondFactorForm onDone={onDone} onRestart={() => setAsksForCode(false)} />
  return (
    <>
      <PageHeader title="Sign in" />
      {options?.setUpNeeded === true && (
        <Alert variant="outline" title="No account yet" mb="md">
          Open the set-up link that Posthorn printed when it started, or get a new one with{' '}
          <code>pnpm posthorn setup-link</code>.
        </Alert>
      )}
      {error !== undefined && (
        <Alert color="red" variant="outline" role="alert" mb="md">
          {ERRORS[error] ?? 'Signing in there did not work. Try again, or use your password.'}
        </Alert>
      )}
      <PasswordForm onDone={onDone} onSecondFactor={() => setAsksForCode(true)} />
      <OtherWays providers={options?.providers ?? []} back={back} onDone={onDone} />
      {options?.signUps === 'open' && (
        <Text mt="lg" ta="center">
          New here? <Anchor renderRoot={(props) => <Link to="/sign-up" {...props} />}>Make an account</Anchor>
        </Text>
      )}
    </>
  )
}
