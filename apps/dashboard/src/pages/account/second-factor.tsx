import { Button, Group, Text } from '@mantine/core'
import { Suspense, lazy, useState } from 'react'
import { queryClient, trpc } from '../../api/trpc.ts'
import { useAccount } from '../../shell/person.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import type { SecondFactorTask } from './password-dialog.tsx'
import type { Enrolment } from './totp-setup.tsx'

const PasswordDialog = lazy(() => import('./password-dialog.tsx'))
const RecoveryCodes = lazy(() => import('./recovery-codes.tsx'))
const TotpSetup = lazy(() => import('./totp-setup.tsx'))

/** A code from an app beside the password. */
export function SecondFactor() {
  const { hasSecondFactor, hasPassword } = useAccount()
  const [task, setTask] = useState<SecondFactorTask>()
  const [enrolment, setEnrolment] = useState<Enrolment>()
  const [codes, setCodes] = useState<readonly string[]>()
  const refresh = () => queryClient.invalidateQueries(trpc.account.get.pathFilter())
  return (
    <Section
      title="Second factor"
      lead="A code of an authenticator app beside the password, so that a stolen password is not enough."
    >
      <Suspense>
        {enrolment !== undefined && (
          <TotpSetup
            enrolment={enrolment}
            onCancel={() => setEnrolment(undefined)}
            onDone={() => {
              setCodes(enrolment.backupCodes)
              setEnrolment(undefined)
              void refresh()
            }}
          />
        )}
        {codes !== undefined && <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />}
      </Suspense>
      {enrolment === undefined && codes === undefined && (
        <Group justify="space-between">
          <StatusBadge tone={hasSecondFactor ? 'good' : 'neutral'}>{hasSecondFactor ? 'On' : 'Off'}</StatusBadge>
          {!hasPassword && <Text c="dimmed">It needs a password first.</Text>}
          {hasPassword && !hasSecondFactor && <Button onClick={() => setTask('enable')}>Turn on</Button>}
          {hasPassword && hasSecondFactor && (
            <Group gap="xs">
              <Button variant="default" onClick={() => setTask('codes')}>
                New recovery codes
              </Button>
              <Button variant="default" onClick={() => setTask('disable')}>
                Turn off
              </Button>
            </Group>
          )}
        </Group>
      )}
      <Suspense>
        {task !== undefined && (
          <PasswordDialog
            task={task}
            onClose={() => setTask(undefined)}
            onEnrolment={setEnrolment}
            onCodes={setCodes}
            onDisabled={() => void refresh()}
          />
        )}
      </Suspense>
    </Section>
  )
}
