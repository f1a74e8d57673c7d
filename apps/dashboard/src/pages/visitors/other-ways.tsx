import { Button, Divider, Stack } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useState } from 'react'
import { problemOf, type Problem } from '../../api/problem.ts'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { ProviderIcon } from '../../auth/provider-icon.tsx'
import { FormProblem } from '../../forms/form-problem.tsx'

interface OtherWaysProps {
  providers: readonly { id: string; name: string }[]
  back: string | undefined
  /** Of an invitation or the set-up link, for an account that is made on the way. */
  token?: string | undefined
  /** Left out where there can be no account yet. */
  onDone?: (() => Promise<void>) | undefined
}

/** In without a password: by passkey, or through a provider. */
export function OtherWays({ providers, back = '/', token, onDone }: OtherWaysProps) {
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
  const passkey = () =>
    attempt('passkey', async () => {
      await answered(() => auth.signIn.passkey())
      await onDone?.()
    })
  const provider = (id: string) =>
    attempt(id, () =>
      answered(() =>
        auth.signIn.social({
          provider: id,
          callbackURL: back,
          errorCallbackURL: '/sign-in',
          ...(token !== undefined && { additionalData: { token } }),
        }),
      ),
    )
  const hasPasskeys = onDone !== undefined && 'PublicKeyCredential' in globalThis
  if (!hasPasskeys && providers.length === 0) return null
  return (
    <Stack gap="sm" mt="md">
      <Divider label="or" />
      <FormProblem problem={problem} />
      {hasPasskeys && (
        <Button
          variant="default"
          leftSection={<IconFingerprint size={18} aria-hidden />}
          loading={busy === 'passkey'}
          onClick={() => void passkey()}
        >
          Sign in with a passkey
        </Button>
      )}
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          variant="default"
          leftSection={<ProviderIcon provider={id} />}
          loading={busy === id}
          onClick={() => void provider(id)}
        >
          Go on with {name}
        </Button>
      ))}
    </Stack>
  )
}
