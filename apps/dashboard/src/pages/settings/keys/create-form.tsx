import { Button, Radio, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { LIMITS, type KeyKind, type Scope } from '@posthorn/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FormProblem } from '../../../forms/form-problem.tsx'
import { KeepTyped } from '../../../forms/keep-typed.tsx'
import { useSaving } from '../../../forms/use-saving.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { DialogFooter } from '../../../ui/dialog-footer.tsx'
import { endOfDay, ExpiryPicker } from './expiry-picker.tsx'
import { ScopePicker } from './scope-picker.tsx'

interface Values extends Record<string, unknown> {
  name: string
  kind: KeyKind
  scopes: Scope[]
  /** The last day that it works. */
  expiresAt: string | null
  allowedIps: string[]
}

const EMPTY: Values = { name: '', kind: 'secret', scopes: ['emails:send'], expiresAt: null, allowedIps: [] }

interface CreateFormProps {
  onMade(key: string): void
  onCancel(): void
}

export default function CreateForm({ onMade, onCancel }: CreateFormProps) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const create = useMutation(trpc.keys.create.mutationOptions({ gcTime: 0 }))
  const form = useForm<Values>({
    initialValues: EMPTY,
    validate: {
      name: (name) => (name.trim() === '' ? 'A key needs a name.' : null),
      scopes: (scopes, { kind }) => (kind === 'secret' && scopes.length === 0 ? 'Pick at least one.' : null),
    },
  })
  const { submit, isSaving, problem } = useSaving(form, async ({ name, kind, scopes, expiresAt, allowedIps }) => {
    const { key } = await create.mutateAsync({
      name,
      kind,
      allowedIps,
      ...(kind === 'secret' && { scopes }),
      ...(expiresAt !== null && { expiresAt: endOfDay(expiresAt) }),
    })
    onMade(key)
    await queryClient.invalidateQueries(trpc.keys.pathFilter())
  })
  const { kind, scopes } = form.values
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <KeepTyped form={form} isSaving={isSaving} />
        <FormProblem problem={problem} />
        <TextInput
          label="Name"
          description="What will use it, so that you know it again."
          placeholder="Billing server"
          required
          maxLength={LIMITS.keyNameLength}
          autoComplete="off"
          // The form arrives after the dialog has looked for where the focus goes.
          autoFocus
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Radio.Group label="Kind" {...form.getInputProps('kind')}>
          <Stack gap="xs" mt="xs">
            <Radio value="secret" label="Secret" description="For servers. It does what you pick below." />
            <Radio value="public" label="Public" description="For browsers and apps. It only reports events." />
          </Stack>
        </Radio.Group>
        {kind === 'secret' && (
          <ScopePicker
            value={scopes}
            onChange={(chosen) => form.setFieldValue('scopes', chosen)}
            error={form.errors['scopes']}
          />
        )}
        <ExpiryPicker {...form.getInputProps('expiresAt')} />
        <TagsInput
          label="Only from these addresses"
          description="IP addresses and networks (CIDR). Empty: from anywhere."
          placeholder={form.values.allowedIps.length === 0 ? '203.0.113.0/24' : undefined}
          splitChars={[',', ' ', ';']}
          maxTags={LIMITS.allowedIpsPerKey}
          clearable
          clearButtonProps={{ 'aria-label': 'Clear addresses' }}
          {...form.getInputProps('allowedIps')}
          // Several that were pasted at once.
          onChange={(typed) => form.setFieldValue('allowedIps', typed.flatMap(separate))}
        />
        <Text size="sm" c="dimmed">
          Who made it, and when, is kept in the audit log.
        </Text>
        <DialogFooter>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            Create key
          </Button>
        </DialogFooter>
      </Stack>
    </form>
  )
}

const separate = (typed: string) => typed.split(/[\s,;]+/).filter((address) => address !== '')
