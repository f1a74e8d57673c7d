import { Box, Button, Group, Text, Title } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { hasNavigated } from './navigated.ts'
import classes from './page-header.module.css'

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
  const { isCut, isWhole, showWhole } = useCut(heading, title)
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
        <Title
          order={1}
          ref={heading}
          tabIndex={-1}
          className={classes.title}
          data-whole={isWhole}
          title={isCut ? title : undefined}
        >
          {title}
        </Title>
        {isCut && (
          <Button variant="subtle" size="compact-sm" ml={-8} onClick={showWhole}>
            Show all of it
          </Button>
        )}
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

/** Whether a heading is longer than what is shown of it, as the subject of a mail can be. */
function useCut(heading: RefObject<HTMLHeadingElement | null>, title: string) {
  const [isCut, setCut] = useState(false)
  const [whole, setWhole] = useState<string>()
  const isWhole = whole === title
  useEffect(() => {
    const { current } = heading
    if (current === null) return
    const observer = new ResizeObserver(() => setCut(current.scrollHeight > current.clientHeight + 1))
    observer.observe(current)
    return () => observer.disconnect()
  }, [heading])
  return { isCut, isWhole, showWhole: () => setWhole(title) }
}
