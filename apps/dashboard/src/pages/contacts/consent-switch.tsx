import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBell, IconBellOff } from '@tabler/icons-react'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { ConsentDialog } from './consent-dialog.tsx'
import type { Contact } from './contact.tsx'
import { useConsent } from './use-consent.ts'

/** Changes the consent of a contact, once that is confirmed. The palette offers the same. */
export function ConsentSwitch({ contact: { email, subscribed, optedOutAt } }: { contact: Contact }) {
  const { can } = useProject()
  const [isAsked, dialog] = useDisclosure()
  const change = useConsent(email)
  const mayChange = can('contacts:write')
  const label = subscribed ? 'Unsubscribe' : 'Subscribe'
  const Icon = subscribed ? IconBellOff : IconBell
  useActions(
    mayChange
      ? [{ id: 'change-consent', label: `${label} ${email}`, group: 'This page', icon: Icon, run: dialog.open }]
      : [],
  )
  if (!mayChange) return null
  const isOut = !subscribed && optedOutAt !== null
  return (
    <>
      <Button variant="default" leftSection={<Icon size={16} aria-hidden />} onClick={dialog.open}>
        {label}
      </Button>
      <ConsentDialog
        opened={isAsked && isOut}
        onClose={dialog.close}
        title="Subscribe this contact?"
        email={email}
        onAgreed={(consent) => change({ subscribed: true, consent })}
      />
      <ConfirmDialog
        opened={isAsked && !isOut}
        onClose={dialog.close}
        title={subscribed ? 'Unsubscribe this contact?' : 'Subscribe this contact?'}
        confirm={label}
        isDangerous={false}
        onConfirm={() => change({ subscribed: !subscribed })}
      >
        {subscribed
          ? `${email} then gets no campaigns any more, until they agree anew. Mail that is asked for, such as a reset of a password, still arrives.`
          : `Only subscribe ${email} if the person has agreed to get mail from you.`}
      </ConfirmDialog>
    </>
  )
}
