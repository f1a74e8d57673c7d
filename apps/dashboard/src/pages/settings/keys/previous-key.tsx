import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useProject } from '../../../shell/project-scope.ts'
import { Time } from '../../../ui/time.tsx'
import { LastUsed } from './last-used.tsx'
import type { Key } from './living.ts'
import { RevokeDialog } from './revoke-dialog.tsx'
import classes from './key-card.module.css'

/** The key that was replaced and still works for a while. */
export function PreviousKey({ of }: { of: Key }) {
  const { can } = useProject()
  const [isAsking, setAsking] = useState(false)
  return (
    <Group className={classes.previous} justify="space-between" gap="sm">
      <div>
        <Text component="div">
          The key before it, <code>{of.hint}</code>, works until{' '}
          {of.expiresAt !== null && (
            <>
              <Time at={of.expiresAt} exact /> (<Time at={of.expiresAt} />)
            </>
          )}
        </Text>
        <Text component="div" size="sm" c="dimmed">
          <LastUsed of={of} />
        </Text>
      </div>
      {can('keys:write') && (
        <Button variant="default" aria-label={`End now: ${of.hint}`} onClick={() => setAsking(true)}>
          End now
        </Button>
      )}
      <RevokeDialog of={of} opened={isAsking} onClose={() => setAsking(false)} />
    </Group>
  )
}
