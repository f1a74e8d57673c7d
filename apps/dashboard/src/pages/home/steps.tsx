import { Anchor, Button, Group, Loader, Stack, Text } from '@mantine/core'
import { IconCheck, IconKey, IconTerminal2 } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useAccount } from '../../shell/person.tsx'
import { useProject } from '../../shell/project-scope.ts'
import { useActions } from '../../shell/actions.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Time } from '../../ui/time.tsx'
import { EmailStatusBadge } from '../emails/status.tsx'
import type { Key } from '../settings/keys/living.ts'
import { useSecret } from '../settings/keys/use-secret.ts'
import { PLACEHOLDER, curlCommand } from './command.ts'
import type { Progress } from './progress.ts'
import { SenderHint } from './sender-hint.tsx'
import classes from './quick-start.module.css'

/** Where the key is, and a way to have it on the clipboard. */
export function KeyStep({ progress: { key, isKeyTaken } }: { progress: Progress }) {
  const { id: projectId, can } = useProject()
  const keysPage = (
    <Anchor
      inherit
      underline="always"
      renderRoot={(props) => <Link to="/p/$projectId/settings/keys" params={{ projectId }} {...props} />}
    >
      Settings › API keys
    </Anchor>
  )
  if (key === undefined) {
    return <Text>No secret key of this project works at the moment. Make one under {keysPage}.</Text>
  }
  if (!can('keys:reveal')) {
    return (
      <Text>
        Ask an owner or admin of the project for the key {key.name} (<code>{key.hint}</code>); your role does not see
        it.
      </Text>
    )
  }
  return (
    <Group gap="sm">
      <CopyKey of={key} isNext={!isKeyTaken} />
      <Text>
        <code className={classes.hint}>{key.hint}</code> is for your servers alone. All keys are under {keysPage}.
      </Text>
    </Group>
  )
}

function CopyKey({ of: { id }, isNext }: { of: Key; isNext: boolean }) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const secret = useSecret(id)
  const copy = async () => {
    await secret.copy()
    await queryClient.invalidateQueries(trpc.audit.pathFilter())
  }
  useActions([
    { id: 'copy-secret-key', label: 'Copy the secret key', group: 'This page', icon: IconKey, run: () => void copy() },
  ])
  const Icon = secret.isCopied ? IconCheck : IconKey
  return (
    <Stack gap="xs">
      <Button
        variant={isNext ? 'filled' : 'default'}
        leftSection={<Icon size={16} aria-hidden />}
        loading={secret.isLoading}
        onClick={() => void copy()}
      >
        {secret.isCopied ? 'Copied' : 'Copy key'}
      </Button>
      {secret.shown !== undefined && <CodeBlock code={secret.shown} label="secret key" wrap />}
    </Stack>
  )
}

/** A line that sends, and what was sent last. */
export function SendStep({ progress: { latest, key, isKeyTaken } }: { progress: Progress }) {
  const { id: projectId, can } = useProject()
  const { email } = useAccount()
  const command = curlCommand({ origin: location.origin, to: email })
  return (
    <Stack gap="xs">
      {latest === undefined && <SenderHint />}
      <Text>
        Paste this into a terminal, with the key in place of <code>{PLACEHOLDER}</code>.
      </Text>
      <CodeBlock code={command} label="curl command" wrap />
      {key !== undefined && can('keys:reveal') && (
        <CopyCommand of={key} to={email} isNext={isKeyTaken && latest === undefined} />
      )}
      {latest !== undefined && (
        <Group gap="xs">
          <EmailStatusBadge status={latest.status} />
          <Text>
            <Anchor
              inherit
              underline="always"
              renderRoot={(props) => (
                <Link to="/p/$projectId/emails/$emailId" params={{ projectId, emailId: latest.id }} {...props} />
              )}
            >
              {latest.subject}
            </Anchor>{' '}
            to {latest.to.email}, <Time at={latest.createdAt} />
          </Text>
        </Group>
      )}
    </Stack>
  )
}

function CopyCommand({ of: { id }, to, isNext }: { of: Key; to: string; isNext: boolean }) {
  const secret = useSecret(id)
  const withKey = (key: string) => curlCommand({ origin: location.origin, to, secret: key })
  const Icon = secret.isCopied ? IconCheck : IconTerminal2
  return (
    <Group gap="sm">
      <Button
        variant={isNext ? 'filled' : 'default'}
        leftSection={<Icon size={16} aria-hidden />}
        loading={secret.isLoading}
        onClick={() => void secret.copy(withKey)}
      >
        {secret.isCopied ? 'Copied' : 'Copy with the key in it'}
      </Button>
    </Group>
  )
}

/** What came of it, or what it waits for. */
export function ArriveStep({ progress: { latest, arrived } }: { progress: Progress }) {
  const { id: projectId } = useProject()
  if (arrived !== undefined) {
    return (
      <Text>
        Delivered to {arrived.to.email} <Time at={arrived.sentAt ?? arrived.createdAt} />.{' '}
        {arrived.captured ? (
          <Anchor
            inherit
            underline="always"
            renderRoot={(props) => (
              <Link to="/p/$projectId/inbox" params={{ projectId }} search={{ emailId: arrived.id }} {...props} />
            )}
          >
            Read it in the inbox
          </Anchor>
        ) : (
          <Anchor
            inherit
            underline="always"
            renderRoot={(props) => (
              <Link to="/p/$projectId/emails/$emailId" params={{ projectId, emailId: arrived.id }} {...props} />
            )}
          >
            See what the server said
          </Anchor>
        )}
      </Text>
    )
  }
  if (latest === undefined) {
    return <Text c="dimmed">It shows up here by itself, a moment after it was sent.</Text>
  }
  const isOver = latest.status === 'failed' || latest.status === 'cancelled'
  return (
    <Group gap="sm" wrap="nowrap">
      {!isOver && <Loader size="xs" aria-hidden />}
      <Text>{latest.reason ?? 'It is on its way.'}</Text>
    </Group>
  )
}
