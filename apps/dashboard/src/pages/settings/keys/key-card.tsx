import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { SCOPE_WORDS } from '@posthorn/contracts'
import { IconBan, IconRefresh } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useActions } from '../../../shell/actions.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { Time } from '../../../ui/time.tsx'
import { KeyText } from './key-text.tsx'
import { LastUsed } from './last-used.tsx'
import type { Key, LivingKey } from './living.ts'
import { PreviousKey } from './previous-key.tsx'
import { RegenerateDialog } from './regenerate-dialog.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'
import { KIND_WORDS, scopeSummary, statusOf } from './words.ts'
import classes from './key-card.module.css'

interface KeyCardProps {
  of: LivingKey
  /** One of the two that the project was made with. */
  isMain?: boolean
}

/** A key that works, with all that can be done about it. */
export function KeyCard({ of, isMain = false }: KeyCardProps) {
  const { can } = useProject()
  const id = useId()
  const [asked, setAsked] = useState<'regenerate' | 'revoke'>()
  const close = () => setAsked(undefined)
  const { title, lead } = KIND_WORDS[of.kind]
  const { tone, words } = statusOf(of)
  const mayRegenerate = can('keys:write') && of.status === 'active'
  useActions(
    isMain && mayRegenerate
      ? [
          {
            id: `regenerate-${of.kind}`,
            label: `Regenerate the ${of.kind} key`,
            group: 'This page',
            icon: IconRefresh,
            run: () => setAsked('regenerate'),
          },
        ]
      : [],
  )
  return (
    <article aria-labelledby={id} className={classes.card} data-main={isMain}>
      <Stack gap="sm">
        <div>
          <Group gap="xs">
            <Title order={isMain ? 2 : 3} id={id} className={classes.name}>
              {isMain ? title : of.name}
            </Title>
            <StatusBadge tone={tone}>{words}</StatusBadge>
            {!isMain && of.kind === 'public' && <StatusBadge tone="neutral">Public</StatusBadge>}
          </Group>
          {isMain && (
            <Text c="dimmed">
              {of.name !== title && <b>{of.name}. </b>}
              {lead}
            </Text>
          )}
        </div>
        <KeyText of={of}>
          {mayRegenerate && (
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} aria-hidden />}
              aria-label={`Regenerate ${of.name}`}
              onClick={() => setAsked('regenerate')}
            >
              Regenerate
            </Button>
          )}
          {can('keys:write') && !isMain && (
            <Button
              variant="default"
              leftSection={<IconBan size={16} aria-hidden />}
              aria-label={`Revoke ${of.name}`}
              onClick={() => setAsked('revoke')}
            >
              Revoke
            </Button>
          )}
        </KeyText>
        <Facts of={of} isMain={isMain} />
        {of.previous !== undefined && <PreviousKey of={of.previous} />}
      </Stack>
      <RegenerateDialog of={of} opened={asked === 'regenerate'} onClose={close} />
      <RevokeDialog of={of} opened={asked === 'revoke'} onClose={close} />
    </article>
  )
}

function Facts({ of, isMain }: { of: Key; isMain: boolean }) {
  const summary = scopeSummary(of)
  return (
    <div className={classes.facts}>
      <LastUsed of={of} />
      <span>
        Created <Time at={of.createdAt} />
      </span>
      {of.expiresAt !== null && (
        <span>
          Stops working <Time at={of.expiresAt} />
        </span>
      )}
      {of.allowedIps.length > 0 && <span>Only from {of.allowedIps.join(', ')}</span>}
      {!isMain && summary !== undefined && <span>{summary}</span>}
      {!isMain && summary === undefined && (
        <details className={classes.scopes}>
          <summary>{of.scopes.length} permissions</summary>
          <ul>
            {of.scopes.map((scope) => (
              <li key={scope}>{SCOPE_WORDS[scope]}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
