import { Button, Group } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { queryClient, trpc } from '../../api/trpc.ts'
import { useActions } from '../../shell/actions.ts'
import { useAccount } from '../../shell/person.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import type { SecondFactorTask } from './password-dialog.tsx'
import type { Enrolment } from './totp-setup.tsx'

const PasswordDialog = loadedLater(() => import('./password-dialog.tsx'))
const RecoveryCodes = loadedLater(() => import('./recovery-codes.tsx'))
const TotpSetup = loadedLater(() => import('./totp-setup.tsx'))

/** A code from an app beside the password. */
export function SecondFactor() {
  const { hasSecondFactor } = useAccount()
  const [task, setTask] = useState<SecondFactorTask>()
  const [enrolment, setEnrolment] = useState<Enrolment>()
  const [codes, setCodes] = useState<readonly string[]>()
  const isSettingUp = enrolment !== undefined || codes !== undefined
  useActions(
    hasSecondFactor || isSettingUp
      ? []
      : [
          {
            id: 'second-factor',
            label: 'Turn on the second factor',
            group: 'This page',
            icon: IconShieldCheck,
            run: () => setTask('enable'),
          },
        ],
  )
  const refresh = () => queryClient.invalidateQueries(trpc.account.get.pathFilter())
  return (
    <Section
      title="Second factor"
      lead="A code of an authenticator app beside the password or the provider, so that a stolen one is not enough. A passkey is both by itself."
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
      {!isSettingUp && (
        <Group justify="space-between">
          <StatusBadge tone={hasSecondFactor ? 'good' : 'neutral'}>{hasSecondFactor ? 'On' : 'Off'}</StatusBadge>
          {!hasSecondFactor && (
            <Button aria-label="Turn on the second factor" onClick={() => setTask('enable')}>
              Turn on
            </Button>
          )}
          {hasSecondFactor && (
            <Group gap="xs">
              <Button variant="default" onClick={() => setTask('codes')}>
                New recovery codes
              </Button>
              <Button variant="default" aria-label="Turn off the second factor" onClick={() => setTask('disable')}>
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
