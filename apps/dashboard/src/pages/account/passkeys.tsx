import { ActionIcon, Button, Group, Stack, Text, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconFingerprint, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf } from '../../api/problem.ts'
import { queryClient, trpc } from '../../api/trpc.ts'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { arePasskeysPossible, passkeys } from '../../auth/passkeys.ts'
import type { Passkey } from '../../auth/routes.ts'
import { useActions } from '../../shell/actions.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Section } from '../../ui/section.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { deviceOf } from './device.ts'

/** What else stands on the page depends on which ways in there are. */
const refresh = () =>
  Promise.all([queryClient.invalidateQueries(passkeys), queryClient.invalidateQueries(trpc.account.pathFilter())])

/** Signing in with the device itself, without a password. */
export function Passkeys() {
  const query = useQuery(passkeys)
  const [isBusy, setBusy] = useState(false)
  const [doomed, setDoomed] = useState<Passkey>()
  const isPossible = arePasskeysPossible()
  const add = async () => {
    setBusy(true)
    try {
      await answered(() => auth.passkey.addPasskey({ name: deviceOf(navigator.userAgent) }))
      await refresh()
      notifications.show({ message: 'The passkey is added.' })
    } catch (error) {
      notifications.show({ color: 'red', title: 'No passkey was added', message: problemOf(error).message })
    } finally {
      setBusy(false)
    }
  }
  useActions(
    isPossible
      ? [
          {
            id: 'add-passkey',
            label: 'Add a passkey',
            group: 'This page',
            icon: IconFingerprint,
            run: () => void add(),
          },
        ]
      : [],
  )
  return (
    <Section title="Passkeys" lead="Sign in with this device or a security key, without a password.">
      <Stack>
        {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.data?.length === 0 && <Text c="dimmed">You have no passkey yet.</Text>}
        {query.data?.map((passkey) => (
          <Group key={passkey.id} justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <IconFingerprint size={20} aria-hidden />
              <div>
                <Text fw={550}>{nameOf(passkey)}</Text>
                <Text size="sm" c="dimmed" component="div">
                  added <Time at={passkey.createdAt} />
                </Text>
              </div>
            </Group>
            <Tooltip label="Delete">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete ${nameOf(passkey)}`}
                onClick={() => setDoomed(passkey)}
              >
                <IconTrash size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Group>
        ))}
        {isPossible ? (
          <Group>
            <Button loading={isBusy} onClick={() => void add()}>
              Add a passkey
            </Button>
          </Group>
        ) : (
          <Text c="dimmed">This browser knows no passkeys, or the address is not secure (https).</Text>
        )}
      </Stack>
      <ConfirmDialog
        opened={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        title="Delete this passkey?"
        confirm="Delete passkey"
        onConfirm={async () => {
          await answered(() => auth.passkey.deletePasskey({ id: doomed?.id ?? '' }))
          await refresh()
        }}
      >
        {doomed !== undefined && nameOf(doomed)} lets nobody in any more. What the device itself keeps of it stays
        there.
      </ConfirmDialog>
    </Section>
  )
}

const nameOf = ({ name }: Passkey) => name || 'Passkey'
