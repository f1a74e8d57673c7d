import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { CodeBlock } from '../../ui/code-block.tsx'
import { downloadText } from '../../ui/download.ts'

/** Shown once. Each lets one in without the app. */
export default function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone(): void }) {
  const text = codes.join('\n')
  return (
    <Stack>
      <Text>
        Keep these recovery codes where you find them without your phone. Each works once in place of a code, and they
        are not shown again.
      </Text>
      <CodeBlock code={text} label="recovery codes" />
      <Group>
        <Button onClick={onDone}>I have kept them</Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => downloadText('posthorn-recovery-codes.txt', `${text}\n`, 'text/plain')}
        >
          Save as a file
        </Button>
      </Group>
    </Stack>
  )
}
