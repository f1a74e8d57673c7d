import { Paper, Text, Title } from '@mantine/core'
import { useId, type ReactNode } from 'react'

/** A part of a page of settings, with its own heading. */
export function Section({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <Paper component="section" aria-labelledby={id} p="lg" mb="lg">
      <Title order={2} id={id}>
        {title}
      </Title>
      {lead !== undefined && (
        <Text c="dimmed" mt={4} component="div">
          {lead}
        </Text>
      )}
      <div style={{ marginTop: 'var(--mantine-spacing-md)' }}>{children}</div>
    </Paper>
  )
}
