import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { queryClient, trpc } from '../api/trpc.ts'
import { FormProblem } from '../forms/form-problem.tsx'
import { useSaving } from '../forms/use-saving.ts'
import { answered } from './answer.ts'
import { OtherProofs } from './other-proofs.tsx'
import { prove } from './routes.ts'

/** The password, and the code of who has a second factor. */
export default function ProofForm({ onDone }: { onDone(isProven: boolean): void }) {
  const { data: account } = useQuery(trpc.account.get.queryOptions({}))
  const form = useForm({ mode: 'uncontrolled', initialValues: { password: '', code: '' } })
  const hasSecondFactor = account?.hasSecondFactor === true
  const { submit, isSaving, problem } = useSaving(form, async ({ password, code }) => {
    await answered(() => prove({ password, ...(hasSecondFactor && { code: code.trim() }) }), {
      INVALID_PASSWORD: 'password',
      INVALID_CODE: 'code',
      SECOND_FACTOR_NEEDED: 'code',
    })
    void queryClient.invalidateQueries(trpc.account.get.pathFilter())
    onDone(true)
  })
  if (account?.hasPassword === false) return <OtherProofs onDone={onDone} isAlone />
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>This needs your password again, since you gave it more than 15 minutes ago.</Text>
        <FormProblem problem={problem} />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          data-autofocus
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {hasSecondFactor && (
          <TextInput
            label="Code of your second factor"
            autoComplete="one-time-code"
            inputMode="numeric"
            required
            key={form.key('code')}
            {...form.getInputProps('code')}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onDone(false)}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            Confirm
          </Button>
        </Group>
        <OtherProofs onDone={onDone} />
      </Stack>
    </form>
  )
}
