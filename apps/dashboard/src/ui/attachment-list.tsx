import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { problemOf } from '../api/problem.ts'
import { download } from './download.ts'
import { bytes } from './time-words.ts'

interface Attachment {
  filename: string | null
  contentType: string
  sizeBytes: number
  disposition: string | null
}

interface AttachmentListProps {
  attachments: readonly Attachment[]
  load(place: number): Promise<{ filename: string | null; content: string }>
}

/** What is attached to a mail. A file is saved, never shown: a stranger may have written it. */
export function AttachmentList({ attachments, load }: AttachmentListProps) {
  const [busy, setBusy] = useState<number>()
  const save = async (place: number) => {
    setBusy(place)
    try {
      download(await load(place))
    } catch (error) {
      notifications.show({ color: 'red', title: 'The file could not be loaded', message: problemOf(error).message })
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <Stack gap="xs">
      {attachments.map(({ filename, contentType, sizeBytes, disposition }, place) => (
        // oxlint-disable-next-line react/no-array-index-key -- An attachment has no other name than its place.
        <Group key={place} justify="space-between" wrap="nowrap">
          <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
            <Text fw={550}>{filename ?? 'without a name'}</Text>
            <Text size="sm" c="dimmed">
              {contentType}, {bytes(sizeBytes)}
              {disposition === 'inline' && ', shown inside the mail'}
            </Text>
          </div>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={busy === place}
            onClick={() => void save(place)}
            aria-label={`Save ${filename ?? `attachment ${place + 1}`}`}
          >
            Save
          </Button>
        </Group>
      ))}
    </Stack>
  )
}
