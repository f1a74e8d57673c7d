import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlayerPlay, IconSend, IconX } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { problemOf } from '../../api/problem.ts'
import { useActions, type Action } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import type { EmailDetails } from './email.tsx'
import { isWaiting } from './status.tsx'

type Asked = 'cancel' | 'again' | undefined

/** What can be done with an email. The palette offers the same. */
export function EmailActions({ email }: { email: EmailDetails }) {
  const { trpc, can, id: projectId } = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<Asked>()
  const current = () => queryClient.invalidateQueries(trpc.emails.pathFilter())
  const cancel = useMutation(trpc.emails.cancel.mutationOptions({ onSuccess: current }))
  const again = useMutation(trpc.emails.sendAgain.mutationOptions({ onSuccess: current }))
  const retry = useMutation(
    trpc.emails.retryNow.mutationOptions({
      onSuccess: current,
      onError: (error) => notifications.show({ color: 'red', message: problemOf(error).message }),
    }),
  )
  const waits = isWaiting(email.status)
  const offered: (Action & { run(): void })[] = [
    ...(waits && can('emails:write')
      ? [
          {
            id: 'retry-email',
            label: 'Try now',
            group: 'This page',
            icon: IconPlayerPlay,
            run: () => retry.mutate({ id: email.id }),
          },
          {
            id: 'cancel-email',
            label: 'Cancel sending',
            group: 'This page',
            icon: IconX,
            run: () => setAsked('cancel'),
          },
        ]
      : []),
    ...(!waits && can('emails:send')
      ? [{ id: 'send-again', label: 'Send again', group: 'This page', icon: IconSend, run: () => setAsked('again') }]
      : []),
  ]
  useActions(offered)
  return (
    <>
      {offered.map(({ id, label, icon: Icon, run }) => (
        <Button
          key={id}
          variant="default"
          leftSection={Icon && <Icon size={16} aria-hidden />}
          loading={id === 'retry-email' && retry.isPending}
          onClick={run}
        >
          {label}
        </Button>
      ))}
      <ConfirmDialog
        opened={asked === 'cancel'}
        onClose={() => setAsked(undefined)}
        title="Cancel this email?"
        confirm="Cancel sending"
        dismiss="Keep it"
        onConfirm={() => cancel.mutateAsync({ id: email.id })}
      >
        It is then never sent to {email.to.email}. This cannot be undone, but it can be sent again as a new email.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === 'again'}
        onClose={() => setAsked(undefined)}
        title="Send it again?"
        confirm="Send again"
        isDangerous={false}
        onConfirm={async () => {
          const sent = await again.mutateAsync({ id: email.id })
          notifications.show({ message: 'The new email is on its way.' })
          void navigate({ to: '/p/$projectId/emails/$emailId', params: { projectId, emailId: sent.id } })
        }}
      >
        {email.to.email} gets the same content once more, as a new email.
      </ConfirmDialog>
    </>
  )
}
