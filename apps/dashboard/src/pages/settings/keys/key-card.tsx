import { Button, Group, Text, Title } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useActions } from '../../../shell/actions.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { Time } from '../../../ui/time.tsx'
import { KeyText } from './key-text.tsx'
import { LastUsed } from './last-used.tsx'
import type { LivingKey } from './living.ts'
import { PreviousKey } from './previous-key.tsx'
import { RegenerateDialog } from './regenerate-dialog.tsx'
import { KIND_WORDS, statusOf } from './words.ts'
import classes from './key-card.module.css'

/** One of the two keys that the project was made with, with all that can be done about it. */
export function KeyCard({ of }: { of: LivingKey }) {
  const { can } = useProject()
  const id = useId()
  const [isAsking, setAsking] = useState(false)
  const { title, lead } = KIND_WORDS[of.kind]
  const { tone, words } = statusOf(of)
  const mayRegenerate = can('keys:write') && of.status === 'active'
  useActions(
    mayRegenerate
      ? [
          {
            id: `regenerate-${of.kind}`,
            label: `Regenerate ${of.name}`,
            group: 'This page',
            icon: IconRefresh,
            run: () => setAsking(true),
          },
        ]
      : [],
  )
  return (
    <article aria-labelledby={id} id={of.id} className={classes.card}>
      <div>
        <Group gap="xs">
          <Title order={2} id={id} className={classes.name}>
            {title}
          </Title>
          <StatusBadge tone={tone}>{words}</StatusBadge>
        </Group>
        <Text c="dimmed">
          {of.name !== title && <b>{of.name}. </b>}
          {lead}
        </Text>
      </div>
      <KeyText of={of}>
        {mayRegenerate && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} aria-hidden />}
            aria-label={`Regenerate ${of.name}`}
            onClick={() => setAsking(true)}
          >
            Regenerate
          </Button>
        )}
      </KeyText>
      <div>
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
        </div>
        {of.previous !== undefined && <PreviousKey of={of.previous} />}
      </div>
      <RegenerateDialog of={of} opened={isAsking} onClose={() => setAsking(false)} />
    </article>
  )
}
