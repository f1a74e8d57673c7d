import { Button, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { PageHeader } from '../../ui/page-header.tsx'

interface SecondFactorFormProps {
  onDone(): Promise<void>
  /** Back to the password. */
  onRestart(): void
}

/** The code of the app, or one of the recovery codes of who has lost it. */
export function SecondFactorForm({ onDone, onRestart }: SecondFactorFormProps) {
  const [isRecovery, setRecovery] = useState(false)
  const form = useForm({ mode: 'uncontrolled', initialValues: { code: '' } })
  const { submit, isSaving, problem } = useSaving(form, async ({ code }) => {
    const fields = { INVALID_CODE: 'code', INVALID_BACKUP_CODE: 'code' }
    const given = { code: code.trim() }
    if (isRecovery) await answered(() => auth.twoFactor.verifyBackupCode(given), fields)
    else await answered(() => auth.twoFactor.verifyTotp(given), fields)
    await onDone()
  })
  return (
    <>
      <PageHeader
        title="Second factor"
        lead={
          isRecovery
            ? 'Give one of your recovery codes. Each works once.'
            : 'Give the code that your authenticator app shows now.'
        }
      />
      <form onSubmit={submit}>
        <Stack>
          <FormProblem problem={problem} />
          <TextInput
            label={isRecovery ? 'Recovery code' : 'Code'}
            autoComplete="one-time-code"
            inputMode={isRecovery ? 'text' : 'numeric'}
            required
            autoFocus
            key={form.key('code')}
            {...form.getInputProps('code')}
          />
          <Button type="submit" fullWidth loading={isSaving}>
            Sign in
          </Button>
          <Button variant="subtle" onClick={() => setRecovery(!isRecovery)}>
            {isRecovery ? 'Use the app instead' : 'Use a recovery code'}
          </Button>
          <Button variant="subtle" onClick={onRestart}>
            Begin again
          </Button>
        </Stack>
      </form>
    </>
  )
}
