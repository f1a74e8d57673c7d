import { Button, Divider, Group, Stack, Text } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf, type Problem } from '../api/problem.ts'
import { client, queryClient, trpc } from '../api/trpc.ts'
import { FormProblem } from '../forms/form-problem.tsx'
import { answered } from './answer.ts'
import { auth } from './client.ts'
import { leave } from './leave.ts'
import { arePasskeysPossible, passkeys } from './passkeys.ts'
import { ProviderIcon } from './provider-icon.tsx'

interface OtherProofsProps {
  onDone(isProven: boolean): void
  /** There is no password to ask for. */
  isAlone?: boolean
}

/** Shows who sits there without a password: by a passkey at once, or by the way to a provider and back. */
export function OtherProofs({ onDone, isAlone = false }: OtherProofsProps) {
  const { data: own } = useQuery(passkeys)
  const { data: linked } = useQuery(trpc.account.providers.queryOptions({}))
  const [busy, setBusy] = useState<string>()
  const [problem, setProblem] = useState<Problem>()
  const attempt = async (name: string, work: () => Promise<unknown>) => {
    setBusy(name)
    setProblem(undefined)
    try {
      await work()
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(undefined)
    }
  }
  const hasPasskey = arePasskeysPossible() && (own?.length ?? 0) > 0
  const providers = (linked?.data ?? []).filter(({ isOffered }) => isOffered)
  const isKnown = own !== undefined && linked !== undefined
  const buttons = (
    <>
      <FormProblem problem={problem} />
      {hasPasskey && (
        <Button
          variant="default"
          leftSection={<IconFingerprint size={18} aria-hidden />}
          loading={busy === 'passkey'}
          onClick={() => void attempt('passkey', () => proveByPasskey().then(() => onDone(true)))}
        >
          Use a passkey
        </Button>
      )}
      {providers.map(({ id, provider, name }) => (
        <Button
          key={id}
          variant="default"
          leftSection={<ProviderIcon provider={provider} />}
          loading={busy === id}
          onClick={() => void attempt(id, () => signInAnewBy(provider))}
        >
          Sign in anew with {name}
        </Button>
      ))}
    </>
  )
  if (!isAlone) {
    if (!hasPasskey && providers.length === 0) return null
    return (
      <>
        <Divider label="or" />
        {buttons}
      </>
    )
  }
  return (
    <Stack>
      <Text>This asks once more who you are, since you signed in more than 15 minutes ago.</Text>
      {providers.length > 0 && (
        <Text c="dimmed" size="sm">
          Through a provider you come back to this page, and begin anew what you were about to do.
        </Text>
      )}
      {buttons}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => onDone(false)}>
          Cancel
        </Button>
        {isKnown && !hasPasskey && providers.length === 0 && <Button onClick={() => void leave()}>Sign in anew</Button>}
      </Group>
    </Stack>
  )
}

/** Signs in once more on the spot. A passkey of another account of the same person is a proof of nothing here. */
async function proveByPasskey(): Promise<void> {
  const before = queryClient.getQueryData(trpc.account.get.queryKey({}))?.id
  await answered(() => auth.signIn.passkey())
  const { id } = await client.account.get.query({})
  if (before !== undefined && id !== before) return location.assign('/')
  await queryClient.invalidateQueries(trpc.account.pathFilter())
}

const signInAnewBy = (provider: string) =>
  answered(() =>
    auth.signIn.social({
      provider,
      callbackURL: `${location.pathname}${location.search}`,
      errorCallbackURL: '/sign-in',
    }),
  )
