import { ActionIcon, Button, Popover, Text, Textarea, Tooltip, VisuallyHidden } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'

const SHOWN_MS = 2_000

interface CopyButtonProps {
  value: string
  /** What is copied, in words: "Copy id". */
  label: string
  /** Shows the words beside the icon. */
  withText?: boolean
  /** -1 leaves it to the mouse, where the keyboard can copy the same elsewhere. */
  tabIndex?: number
}

/**
 * Copies, and says that it did, to eyes and to screen readers. Where the browser does not let the page copy, as on an
 * address without TLS, the text is selected to be copied by hand.
 */
export function CopyButton({ value, label, withText = false, tabIndex }: CopyButtonProps) {
  const { copy, copied, error, reset } = useClipboard({ timeout: SHOWN_MS })
  const icon = copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
  const words = copied ? 'Copied' : label
  const onClick = () => copy(value)
  return (
    <Popover opened={error !== null} onDismiss={reset} width={280} trapFocus returnFocus shadow="md" withRoles={false}>
      <Popover.Target>
        {withText ? (
          <Button variant="default" leftSection={icon} onClick={onClick}>
            {words}
          </Button>
        ) : (
          <Tooltip label={words}>
            <ActionIcon variant="subtle" color="gray" aria-label={label} tabIndex={tabIndex} onClick={onClick}>
              {icon}
            </ActionIcon>
          </Tooltip>
        )}
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" mb="xs">
          This browser does not let the page copy here. The text is selected: copy it by hand.
        </Text>
        <Textarea
          readOnly
          rows={3}
          value={value}
          aria-label="Text to copy"
          data-autofocus
          onFocus={(event) => event.currentTarget.select()}
        />
      </Popover.Dropdown>
      <VisuallyHidden role="status">{copied ? 'Copied' : ''}</VisuallyHidden>
    </Popover>
  )
}
