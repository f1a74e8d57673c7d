import { Button, Checkbox, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { WireInput } from '@posthorn/contracts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { KeepTyped } from '../../forms/keep-typed.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { useProject } from '../../shell/project-scope.ts'
import { Section } from '../../ui/section.tsx'
import { ColumnRow } from './column-row.tsx'
import type { Import } from './import-status.tsx'

type Start = WireInput<'imports', 'start'>
export type Mapping = NonNullable<Start['columns']>[number]

/** Of a column that somebody has to decide on. Safe because nothing is sent while one is left. */
const UNCHOSEN = '' as Mapping['to']

export interface MappingValues extends Record<string, unknown> {
  mappings: Mapping[]
  onConflict: NonNullable<Start['onConflict']>
  consentSource: string
  isConfirmed: boolean
}

const CONFLICTS: Record<MappingValues['onConflict'], [label: string, description: string]> = {
  merge: ['Merge', 'Fields of the file are added or changed; empty cells change nothing.'],
  skip: ['Skip', 'Contacts that are there already stay as they are.'],
  replace: ['Replace', 'All that is known of them is replaced by what the file says.'],
}

/** What each column becomes, and how; then it is tried or begun. */
export function MappingForm({ of: { id, columns } }: { of: Import }) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const isTry = useRef(false)
  const form = useForm<MappingValues>({
    initialValues: {
      mappings: columns.map(({ suggestion, unsure }) => (unsure ? { ...suggestion, to: UNCHOSEN } : suggestion)),
      onConflict: 'merge',
      consentSource: '',
      isConfirmed: false,
    },
    validate: {
      mappings: (mappings) => {
        const open = mappings.find(({ to }) => to === UNCHOSEN)
        if (open !== undefined) return `Choose what “${open.column}” becomes: it seems to say who gets mail.`
        return mappings.some(({ to }) => to === 'email') ? null : 'Choose the column that has the e-mail addresses.'
      },
    },
  })
  const project = useQuery(trpc.project.get.queryOptions({}))
  const start = useMutation(
    trpc.imports.start.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.imports.pathFilter()),
    }),
  )
  const { submit, isSaving, problem } = useSaving(
    form,
    async ({ mappings, onConflict, consentSource, isConfirmed }) => {
      await start.mutateAsync({
        id,
        columns: mappings,
        onConflict,
        dryRun: isTry.current,
        ...(consentSource.trim() !== '' && {
          consent: { source: consentSource, ...(isConfirmed && { confirmed: true }) },
        }),
      })
      form.resetDirty()
    },
  )
  return (
    <form onSubmit={submit} noValidate>
      <KeepTyped form={form} isSaving={isSaving} />
      <Section title="Columns" lead="What each column becomes. The first rows stand beside it.">
        <Stack gap="md">
          {columns.map((column, index) => (
            <ColumnRow key={column.name} column={column} index={index} form={form} />
          ))}
          {typeof form.errors['mappings'] === 'string' && (
            <Text role="alert" c="var(--mantine-color-error)" size="sm">
              {form.errors['mappings']}
            </Text>
          )}
        </Stack>
      </Section>
      <Section title="Contacts">
        <Stack gap="lg">
          <Radio.Group label="Contacts that are there already" {...form.getInputProps('onConflict')}>
            <Stack gap="xs" mt="xs">
              {Object.entries(CONFLICTS).map(([value, [label, description]]) => (
                <Radio key={value} value={value} label={label} description={description} />
              ))}
            </Stack>
          </Radio.Group>
          <TextInput
            label="Where they agreed to get mail"
            description="Only if all of them did, and you can show it: it is kept as the proof. Whoever opted out stays out."
            placeholder="Sign-up form of the spring fair"
            {...form.getInputProps('consentSource')}
          />
          {project.data?.doubleOptIn === true && (
            <Checkbox
              label="They have confirmed it by mail"
              description="The project asks people to confirm. An import asks nobody: unless they have, nobody is subscribed who is not yet. It counts with where they agreed."
              {...form.getInputProps('isConfirmed', { type: 'checkbox' })}
            />
          )}
        </Stack>
      </Section>
      <Stack>
        <FormProblem problem={problem} />
        <Group>
          <Button type="submit" loading={isSaving} onClick={() => (isTry.current = false)}>
            Start import
          </Button>
          <Button type="submit" variant="default" disabled={isSaving} onClick={() => (isTry.current = true)}>
            Try without changes
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
