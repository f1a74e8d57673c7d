import { Button, Group, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconCopy, IconEye, IconEyeOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useProject } from '../../../shell/project-scope.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import type { Key } from './living.ts'
import { useSecret } from './use-secret.ts'
import classes from './key-text.module.css'

interface KeyTextProps {
  of: Key
  /** More buttons, behind those that show and copy. */
  children?: ReactNode
}

/** The key itself: a public one as it is, a secret one masked until it is asked for. */
export function KeyText({ of, children }: KeyTextProps) {
  const { can } = useProject()
  if (of.kind === 'secret' && can('keys:reveal')) return <SecretText of={of}>{children}</SecretText>
  return (
    <>
      <code className={classes.key}>{of.publicKey ?? of.hint}</code>
      <Group gap="xs" className={classes.buttons}>
        {of.publicKey !== null && <CopyButton value={of.publicKey} label="Copy" withText />}
        {children}
      </Group>
    </>
  )
}

function SecretText({ of: { id, hint, name }, children }: KeyTextProps) {
  const secret = useSecret(id)
  const isShown = secret.shown !== undefined
  return (
    <>
      <code className={classes.key}>{secret.shown ?? hint}</code>
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={isShown ? <IconEyeOff size={16} aria-hidden /> : <IconEye size={16} aria-hidden />}
          aria-label={isShown ? `Hide ${name}` : `Reveal ${name}`}
          aria-busy={secret.isLoading}
          onClick={() => void secret.toggle()}
        >
          {isShown ? 'Hide' : 'Reveal'}
        </Button>
        <Button
          variant="default"
          leftSection={secret.isCopied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          aria-label={`Copy ${name}`}
          onClick={() => void secret.copy()}
        >
          {secret.isCopied ? 'Copied' : 'Copy'}
        </Button>
        {children}
      </Group>
      <VisuallyHidden role="status">{secret.isCopied ? 'Copied' : ''}</VisuallyHidden>
    </>
  )
}
