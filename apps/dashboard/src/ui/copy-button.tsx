import { ActionIcon, Button, CopyButton as Copying, Tooltip, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

const SHOWN_MS = 2_000

interface CopyButtonProps {
  value: string
  /** What is copied, in words: "Copy id". */
  label: string
  /** Shows the words beside the icon. */
  withText?: boolean
}

/** Copies, and says that it did, to eyes and to screen readers. */
export function CopyButton({ value, label, withText = false }: CopyButtonProps) {
  return (
    <Copying value={value} timeout={SHOWN_MS}>
      {({ copied, copy }) => {
        const icon = copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
        const words = copied ? 'Copied' : label
        return (
          <>
            {withText ? (
              <Button variant="default" leftSection={icon} onClick={copy}>
                {words}
              </Button>
            ) : (
              <Tooltip label={words}>
                <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={copy}>
                  {icon}
                </ActionIcon>
              </Tooltip>
            )}
            <VisuallyHidden role="status">{copied ? 'Copied' : ''}</VisuallyHidden>
          </>
        )
      }}
    </Copying>
  )
}
