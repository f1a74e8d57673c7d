import { Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { copyText } from './copy-text.ts'
import classes from './new-key.module.css'

interface NewKeyProps {
  /** The key itself. */
  value: string
  onDone(): void
  children?: React.ReactNode
}

/** A key that was made a moment ago, to be taken to where it is needed. */
export function NewKey({ value, onDone, children }: NewKeyProps) {
  const [copied, setCopied] = useState<'yes' | 'no'>()
  return (
    <Stack>
      <Text component="div">{children}</Text>
      <code className={classes.key}>{value}</code>
      <Button
        // The dialog had its focus in a form that is gone.
        autoFocus
        size="md"
        leftSection={copied === 'yes' ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
        onClick={() => void copyText(value).then((isCopied) => setCopied(isCopied ? 'yes' : 'no'))}
      >
        {copied === 'yes' ? 'Copied' : 'Copy key'}
      </Button>
      <VisuallyHidden role="status">{copied === 'yes' ? 'Copied' : ''}</VisuallyHidden>
      {copied === 'no' && <Text role="alert">This browser does not let the page copy here: copy the key by hand.</Text>}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Done
        </Button>
      </Group>
    </Stack>
  )
}
