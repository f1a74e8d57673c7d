import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { Problem } from '../api/problem.ts'
import { RequestId } from '../ui/states.tsx'

/** What a save failed with, above its form; nothing when there is nothing to say. */
export function FormProblem({ problem }: { problem: Problem | undefined }) {
  if (problem === undefined) return null
  return (
    <Alert color="red" variant="outline" role="alert" icon={<IconAlertTriangle aria-hidden />}>
      <Text c="var(--mantine-color-error)">
        {problem.message} {problem.suggestion}
      </Text>
      {problem.fields.map(({ field, message }) => (
        <Text key={field} size="sm">
          {field}: {message}
        </Text>
      ))}
      <RequestId id={problem.requestId} />
    </Alert>
  )
}
