import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { problemOf } from '../api/problem.ts'
import { CopyButton } from './copy-button.tsx'
import classes from './states.module.css'

interface EmptyStateProps {
  title: string
  /** Why there is nothing, and what to do next. */
  children: ReactNode
  icon?: ReactNode
  action?: ReactNode
}

/** Where a list would be. Says what to do next, never only that there is nothing. */
export function EmptyState({ title, children, icon, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap={6} className={classes.empty}>
      {icon !== undefined && (
        <span className={classes.icon} aria-hidden>
          {icon}
        </span>
      )}
      <Title order={2}>{title}</Title>
      <Text c="dimmed" component="div" ta="center" maw="34rem">
        {children}
      </Text>
      {action !== undefined && <Group mt="sm">{action}</Group>}
    </Stack>
  )
}

/** What failed, whom to ask with which id, and a way to try again. */
export function ErrorState({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const { message, suggestion, requestId, fields } = problemOf(error)
  return (
    <Alert
      color="red"
      variant="outline"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? 'This could not be loaded'}
      className={classes.error}
    >
      <Stack gap="xs" align="flex-start">
        <Text>
          {message} {suggestion}
        </Text>
        {fields.length > 0 && (
          <ul className={classes.fields}>
            {fields.map(({ field, message }) => (
              <li key={field}>
                <b>{field}</b>: {message}
              </li>
            ))}
          </ul>
        )}
        <RequestId id={requestId} />
        {onRetry !== undefined && (
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** What to hand to the operator, whose log has it. */
export function RequestId({ id }: { id: string | undefined }) {
  if (id === undefined) return null
  return (
    <Group gap={4}>
      <Text size="sm" c="dimmed">
        Request <span className={classes.mono}>{id}</span>
      </Text>
      <CopyButton value={id} label="Copy request id" />
    </Group>
  )
}
