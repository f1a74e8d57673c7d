import { Group, Title } from '@mantine/core'
import { useId, type ReactNode } from 'react'

/** The last entries of a list that has a page of its own, and the way there. */
export function Part({ title, all, children }: { title: string; all?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" mb="sm">
        <Title order={2} id={id}>
          {title}
        </Title>
        {all}
      </Group>
      {children}
    </section>
  )
}
