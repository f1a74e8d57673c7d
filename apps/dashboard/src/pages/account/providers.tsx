import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { problemOf } from '../../api/problem.ts'
import { client, queryClient, trpc } from '../../api/trpc.ts'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { ProviderIcon } from '../../auth/provider-icon.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Section } from '../../ui/section.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'

const route = getRouteApi('/in/account/security')

/** What providers send people back with. */
const ERRORS: Record<string, string> = {
  access_denied: 'Linking was cancelled there.',
  account_already_linked_to_different_user: 'Somebody else’s account here is linked to it already.',
  unable_to_link_account: 'It has not verified the address that you have there.',
}

interface Linked {
  id: string
  provider: string
  name: string
  isOffered: boolean
  email: string | null
  linkedAt: string
  isOnlyWayIn: boolean
}

/** Where else one can sign in: what is linked, and what could be. */
export function Providers() {
  const { linked: justLinked, error } = route.useSearch()
  const { data: options } = useQuery(trpc.account.options.queryOptions({}))
  const query = useQuery(trpc.account.providers.queryOptions({}, { staleTime: 0 }))
  const [doomed, setDoomed] = useState<Linked>()
  const linked = query.data?.data ?? []
  const offered = options?.providers ?? []
  const others = offered.filter(({ id }) => !linked.some(({ provider }) => provider === id))
  if (offered.length === 0 && linked.length === 0) return null
  const newest = linked.find(({ provider }) => provider === justLinked)
  return (
    <Section
      title="Providers"
      lead="Sign in with an account that you have elsewhere. Its address need not be the one that you have here."
    >
      <Stack>
        {error !== undefined && (
          <Alert color="red" variant="outline" role="alert" title="Nothing was linked">
            {ERRORS[error] ?? 'It did not work there. Try again.'}
          </Alert>
        )}
        <div role="status">
          {newest !== undefined && error === undefined && <Text>{newest.name} is linked to your account.</Text>}
        </div>
        {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {linked.map((one) => (
          <LinkedProvider key={one.id} link={one} onUnlink={() => setDoomed(one)} />
        ))}
        {query.isSuccess && others.map(({ id, name }) => <OfferedProvider key={id} id={id} name={name} />)}
      </Stack>
      <ConfirmDialog
        opened={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        title={`Unlink ${doomed?.name ?? 'it'}?`}
        confirm="Unlink"
        onConfirm={async () => {
          await client.account.unlinkProvider.mutate({ id: doomed?.id ?? '' })
          await queryClient.invalidateQueries(trpc.account.pathFilter())
        }}
      >
        Who is signed in there can sign in here no more. You can link it again at any time.
      </ConfirmDialog>
    </Section>
  )
}

function LinkedProvider({ link, onUnlink }: { link: Linked; onUnlink(): void }) {
  const { provider, name, email, linkedAt, isOffered, isOnlyWayIn } = link
  return (
    <Group justify="space-between">
      <Group gap="sm" wrap="nowrap">
        <ProviderIcon provider={provider} size={20} />
        <div>
          <Group gap="xs">
            <Text fw={550}>{name}</Text>
            {!isOffered && <StatusBadge tone="neutral">Switched off here</StatusBadge>}
          </Group>
          <Text size="sm" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
            {email !== null && <>{email}, </>}linked <Time at={linkedAt} />
          </Text>
          {isOnlyWayIn && (
            <Text size="sm" c="dimmed">
              Your only way in: set a password or add a passkey to be able to unlink it.
            </Text>
          )}
        </div>
      </Group>
      <Button variant="default" disabled={isOnlyWayIn} aria-label={`Unlink ${name}`} onClick={onUnlink}>
        Unlink
      </Button>
    </Group>
  )
}

function OfferedProvider({ id, name }: { id: string; name: string }) {
  const [isBusy, setBusy] = useState(false)
  const link = async () => {
    setBusy(true)
    try {
      await answered(() =>
        auth.linkSocial({
          provider: id,
          callbackURL: `/account/security?linked=${encodeURIComponent(id)}`,
          errorCallbackURL: '/account/security',
        }),
      )
    } catch (failure) {
      notifications.show({ color: 'red', title: 'Nothing was linked', message: problemOf(failure).message })
      setBusy(false)
    }
  }
  return (
    <Group justify="space-between">
      <Group gap="sm" wrap="nowrap">
        <ProviderIcon provider={id} size={20} />
        <Text>{name}</Text>
      </Group>
      <Button variant="default" loading={isBusy} aria-label={`Link ${name}`} onClick={() => void link()}>
        Link
      </Button>
    </Group>
  )
}
