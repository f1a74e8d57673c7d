import { Box, Group, Text, Title } from '@mantine/core'
import { useEffect, useRef, type ReactNode } from 'react'
import { hasNavigated } from './navigated.ts'

interface PageHeaderProps {
  title: string
  /** One sentence on what the page is for. */
  lead?: ReactNode
  /** Buttons of the page, the main one last. */
  actions?: ReactNode
  /** What the tab says, where it is not the title. */
  documentTitle?: string
}

/** The top of every page. Names the document, and takes the focus after a navigation so that readers hear where they are. */
export function PageHeader({ title, lead, actions, documentTitle = title }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${documentTitle} · Posthorn`
  }, [documentTitle])
  useEffect(() => {
    // Not out of a dialog that was opened while the page was on its way.
    const isInDialog = document.activeElement?.closest('[role=dialog]') != null
    if (hasNavigated() && !isInDialog) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <Group justify="space-between" align="flex-start" gap="sm" mb="lg">
      <Box maw="44rem" style={{ overflowWrap: 'anywhere' }}>
        <Title order={1} ref={heading} tabIndex={-1}>
          {title}
        </Title>
        {lead !== undefined && (
          <Text c="dimmed" size="md" mt={4}>
            {lead}
          </Text>
        )}
      </Box>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}
