import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMemo, type ReactNode } from 'react'
import { CodeBlock } from './code-block.tsx'
import { download } from './download.ts'
import { readable } from './readable.ts'
import { ErrorState } from './states.tsx'

/** What a browser can lay out without a pause; attachments make messages far longer. */
const SHOWN_CHARACTERS = 200_000

interface MailSourceProps {
  query: { data: { source: string } | undefined; isError: boolean; error: unknown; refetch(): unknown }
  /** What to know about it. */
  note?: ReactNode
  /** Of the file, without its ending. */
  filename: string
}

/** A message as it goes over the wire, to read and to save byte for byte. */
export function MailSource({ query, note, filename }: MailSourceProps) {
  const source = query.data?.source
  const shown = useMemo(() => (source === undefined ? '' : readable(source.slice(0, SHOWN_CHARACTERS))), [source])
  if (source === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    return (
      <Text c="dimmed" role="status">
        The source is loading …
      </Text>
    )
  }
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Text c="dimmed" size="sm">
          {note} {source.length > SHOWN_CHARACTERS && 'It is long, so only its beginning is shown.'}
        </Text>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => download({ filename: `${filename}.eml`, content: btoa(source) })}
        >
          Save as file
        </Button>
      </Group>
      <CodeBlock code={shown} label="source" />
    </Stack>
  )
}
