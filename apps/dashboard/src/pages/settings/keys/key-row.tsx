import { ActionIcon, Menu, Title, VisuallyHidden } from '@mantine/core'
import { SCOPE_WORDS } from '@posthorn/contracts'
import { IconBan, IconCopy, IconDots, IconEye, IconEyeOff, IconRefresh, type Icon } from '@tabler/icons-react'
import { useId, useState, type ReactNode } from 'react'
import { useActions } from '../../../shell/actions.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { Time } from '../../../ui/time.tsx'
import { copyText } from './copy-text.ts'
import { LastUsed } from './last-used.tsx'
import type { LivingKey } from './living.ts'
import { PreviousKey } from './previous-key.tsx'
import { RegenerateDialog } from './regenerate-dialog.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'
import { useSecret } from './use-secret.ts'
import { scopeSummary, statusOf } from './words.ts'
import classes from './key-row.module.css'

/** One of the keys beside the main ones, on a line, with what can be done about it in a menu. */
export function KeyRow({ of }: { of: LivingKey }) {
  const { can } = useProject()
  const id = useId()
  const secret = useSecret(of.id)
  const [asked, setAsked] = useState<'regenerate' | 'revoke'>()
  const [isPublicCopied, setPublicCopied] = useState(false)
  const close = () => setAsked(undefined)
  const { tone, words } = statusOf(of)
  const mayReveal = of.kind === 'secret' && can('keys:reveal')
  const mayWrite = can('keys:write')
  const isShown = secret.shown !== undefined
  const isCopied = secret.isCopied || isPublicCopied
  const acts: { label: string; icon: Icon; run(): void }[] = [
    ...(mayReveal
      ? [
          { label: isShown ? 'Hide' : 'Reveal', icon: isShown ? IconEyeOff : IconEye, run: () => void secret.toggle() },
          { label: 'Copy', icon: IconCopy, run: () => void secret.copy() },
        ]
      : []),
    ...(of.publicKey !== null
      ? [{ label: 'Copy', icon: IconCopy, run: () => void copyText(of.publicKey ?? '').then(setPublicCopied) }]
      : []),
    ...(mayWrite && of.status === 'active'
      ? [{ label: 'Regenerate', icon: IconRefresh, run: () => setAsked('regenerate') }]
      : []),
    ...(mayWrite ? [{ label: 'Revoke', icon: IconBan, run: () => setAsked('revoke') }] : []),
  ]
  // What stands in a menu is not on the page for the palette to find.
  useActions(
    acts.map(({ label, ...act }) => ({
      ...act,
      id: `${label} ${of.id}`,
      label: `${label} ${of.name}`,
      group: 'This page',
    })),
  )
  return (
    <article aria-labelledby={id} id={of.id} className={classes.row}>
      <div className={classes.line}>
        <div className={classes.named}>
          <div className={classes.head}>
            <Title order={3} id={id} className={classes.name}>
              {of.name}
            </Title>
            <StatusBadge tone={tone}>{words}</StatusBadge>
            {of.kind === 'public' && <StatusBadge tone="neutral">Public</StatusBadge>}
          </div>
          <code className={classes.key}>{secret.shown ?? of.publicKey ?? of.hint}</code>
        </div>
        <div className={classes.part}>
          <Scopes of={of} />
          {of.allowedIps.length > 0 && <div>Only from {of.allowedIps.join(', ')}</div>}
        </div>
        <div className={classes.part}>
          <LastUsed of={of} />
          <div>
            {of.expiresAt === null ? 'Created' : 'Stops working'} <Time at={of.expiresAt ?? of.createdAt} />
          </div>
        </div>
        {acts.length > 0 && (
          <RowMenu name={of.name} isBusy={secret.isLoading}>
            {acts.map(({ label, icon: Icon, run }) => (
              <Menu.Item key={label} leftSection={<Icon size={16} />} onClick={run}>
                {label}
              </Menu.Item>
            ))}
          </RowMenu>
        )}
      </div>
      <VisuallyHidden role="status">{isCopied ? 'Copied' : ''}</VisuallyHidden>
      {of.previous !== undefined && <PreviousKey of={of.previous} />}
      <RegenerateDialog of={of} opened={asked === 'regenerate'} onClose={close} />
      <RevokeDialog of={of} opened={asked === 'revoke'} onClose={close} />
    </article>
  )
}

function RowMenu({ name, isBusy, children }: { name: string; isBusy: boolean; children: ReactNode }) {
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="default" size={34} aria-label={`What to do with ${name}`} aria-busy={isBusy}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  )
}

function Scopes({ of }: { of: LivingKey }) {
  const summary = scopeSummary(of)
  if (summary !== undefined) return <div>{summary}</div>
  return (
    <details className={classes.scopes}>
      <summary>{of.scopes.length} permissions</summary>
      <ul>
        {of.scopes.map((scope) => (
          <li key={scope}>{SCOPE_WORDS[scope]}</li>
        ))}
      </ul>
    </details>
  )
}
