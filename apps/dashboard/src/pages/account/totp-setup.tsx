import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { CopyableId } from '../../ui/copyable-id.tsx'
import { QrCode } from '../../ui/qr-code.tsx'

/** What an authenticator app is told, and the codes for who loses it. */
export interface Enrolment {
  totpURI: string
  backupCodes: string[]
}

interface TotpSetupProps {
  enrolment: Enrolment
  onDone(): void
  onCancel(): void
}

/** The factor counts once a first code has shown that the app has it. */
export default function TotpSetup({ enrolment, onDone, onCancel }: TotpSetupProps) {
  const form = useForm({ mode: 'uncontrolled', initialValues: { code: '' } })
  const { submit, isSaving, problem } = useSaving(form, async ({ code }) => {
    await answered(() => auth.twoFactor.verifyTotp({ code: code.trim() }), { INVALID_CODE: 'code' })
    onDone()
  })
  const secret = new URL(enrolment.totpURI).searchParams.get('secret') ?? ''
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>Scan this with an authenticator app, or type the key into it by hand.</Text>
        <QrCode text={enrolment.totpURI} label="QR code for the authenticator app" />
        <CopyableId id={secret} label="Copy key" />
        <FormProblem problem={problem} />
        <TextInput
          label="Code that the app shows now"
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          autoFocus
          maw="16rem"
          key={form.key('code')}
          {...form.getInputProps('code')}
        />
        <Group>
          <Button type="submit" loading={isSaving}>
            Turn on
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
