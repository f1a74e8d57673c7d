import { Alert, Button, Checkbox, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { LIMITS, type WireInput } from '@posthorn/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { codeOf, OtherRefusal, problemOf } from '../../../api/problem.ts'
import { loadedLater } from '../../../api/page-code.ts'
import { trpc as personTrpc } from '../../../api/trpc.ts'
import { FormProblem } from '../../../forms/form-problem.tsx'
import { KeepTyped } from '../../../forms/keep-typed.tsx'
import { useSaving } from '../../../forms/use-saving.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { selectAll } from '../../../ui/select-all.ts'
import { Section } from '../../../ui/section.tsx'
import { languageChoices, offsetOf, zoneChoices } from './locales.ts'
import type { Project } from './project.ts'

// What these fields are made of is used nowhere else on the page.
const KeptDays = loadedLater(() => import('./kept-days.tsx'))
const BrowserFields = loadedLater(() => import('./browser-fields.tsx'))

/** In CSS pixels. */
const FIELD_HEIGHT = 84

interface Values extends Record<string, unknown> {
  name: string
  /** The address; the name beside it is `senderName`. */
  defaultSender: string
  senderName: string
  language: string
  timeZone: string
  postalAddress: string
  doubleOptIn: boolean
  /** Empty: for good. */
  retentionDays: number | ''
  browserFields: string[]
}

const valuesOf = (project: Project): Values => ({
  name: project.name,
  defaultSender: project.defaultSender.email,
  senderName: project.defaultSender.name ?? '',
  language: project.language,
  timeZone: project.timeZone,
  postalAddress: project.postalAddress ?? '',
  doubleOptIn: project.doubleOptIn,
  retentionDays: project.retentionDays ?? '',
  browserFields: project.browserFields,
})

/** Only what was changed, so that what somebody else changes meanwhile stays. */
function changesOf(values: Values, before: Values): WireInput<'project', 'update'> {
  const isChanged = (...fields: (keyof Values & string)[]) => fields.some((field) => values[field] !== before[field])
  return {
    ...(isChanged('name') && { name: values.name }),
    ...(isChanged('defaultSender', 'senderName') && {
      defaultSender: {
        email: values.defaultSender,
        ...(values.senderName.trim() !== '' && { name: values.senderName }),
      },
    }),
    ...(isChanged('language') && { language: values.language }),
    ...(isChanged('timeZone') && { timeZone: values.timeZone }),
    ...(isChanged('postalAddress') && {
      postalAddress: values.postalAddress.trim() === '' ? null : values.postalAddress,
    }),
    ...(isChanged('doubleOptIn') && { doubleOptIn: values.doubleOptIn }),
    ...(isChanged('retentionDays') && { retentionDays: values.retentionDays === '' ? null : values.retentionDays }),
    ...(values.browserFields.join('\n') !== before.browserFields.join('\n') && { browserFields: values.browserFields }),
  }
}

export function GeneralForm({ project }: { project: Project }) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const update = useMutation(trpc.project.update.mutationOptions())
  const [typedLanguage, setTypedLanguage] = useState('')
  const form = useForm<Values>({
    initialValues: valuesOf(project),
    validate: {
      retentionDays: (days) =>
        days === '' || (days >= 1 && days <= LIMITS.retentionDays)
          ? null
          : `From 1 to ${LIMITS.retentionDays.toLocaleString()} days, or nothing.`,
    },
  })
  const { submit, isSaving, problem } = useSaving(form, async (values) => {
    const saved = await update.mutateAsync(changesOf(values, form.getInitialValues())).catch(aboutSender)
    form.setInitialValues(valuesOf(saved))
    form.setValues(valuesOf(saved))
    queryClient.setQueryData(trpc.project.get.queryKey({}), saved)
    await queryClient.invalidateQueries(personTrpc.projects.list.pathFilter())
    notifications.show({ message: 'The settings are saved.' })
  })
  const { timeZone, retentionDays } = form.values
  const [openedAt] = useState(() => new Date())
  const offset = offsetOf(timeZone, openedAt)
  const deletesMore = retentionDays !== '' && (project.retentionDays === null || retentionDays < project.retentionDays)
  return (
    <Section title="Project">
      <form onSubmit={submit}>
        <Stack maw="46rem">
          <KeepTyped form={form} isSaving={isSaving} />
          <FormProblem problem={problem} />
          <TextInput
            label="Project name"
            required
            maxLength={LIMITS.projectNameLength}
            {...form.getInputProps('name')}
          />
          <Group align="flex-start" grow preventGrowOverflow={false}>
            <TextInput
              label="Default sender"
              description={sendersHint(project.domains)}
              type="email"
              required
              autoComplete="off"
              miw="min(18rem, 100%)"
              {...form.getInputProps('defaultSender')}
            />
            <TextInput
              label="Name of the sender"
              description="Shown before the address."
              maxLength={LIMITS.displayNameLength}
              autoComplete="off"
              miw="min(14rem, 100%)"
              {...form.getInputProps('senderName')}
            />
          </Group>
          <Select
            label="Language"
            description="Of mails that name none. Type a tag such as sw-KE for one that is not listed."
            data={languageChoices(form.values.language, typedLanguage)}
            searchable
            onSearchChange={setTypedLanguage}
            selectFirstOptionOnChange
            {...selectAll}
            required
            {...form.getInputProps('language')}
          />
          <Select
            label="Time zone"
            description={`Where the days of the project begin${offset === undefined ? '.' : `; at the moment ${offset}.`}`}
            data={zoneChoices(project.timeZone)}
            searchable
            selectFirstOptionOnChange
            {...selectAll}
            required
            {...form.getInputProps('timeZone')}
          />
          <Textarea
            label="Postal address"
            description="For the footer of marketing mail, which cannot be sent without it."
            placeholder={'Acme Ltd\n1 Example Street\nLondon'}
            autosize
            minRows={3}
            maxRows={8}
            maxLength={LIMITS.postalAddressLength}
            {...form.getInputProps('postalAddress')}
          />
          <Checkbox
            label="Ask people by mail to confirm (double opt-in)"
            description="Who subscribes gets a mail with a button, and is subscribed once they press it."
            {...form.getInputProps('doubleOptIn', { type: 'checkbox' })}
          />
          <Suspense fallback={<div style={{ height: FIELD_HEIGHT }} />}>
            <KeptDays {...form.getInputProps('retentionDays')} />
          </Suspense>
          <Suspense fallback={<div style={{ height: FIELD_HEIGHT }} />}>
            <BrowserFields {...form.getInputProps('browserFields')} />
          </Suspense>
          {deletesMore && (
            <Alert color="yellow" variant="outline" role="status">
              <Text>
                Once this is saved, everything older than {retentionDays} {retentionDays === 1 ? 'day' : 'days'} is
                deleted for good.
              </Text>
            </Alert>
          )}
          <Group>
            <Button type="submit" loading={isSaving}>
              Save
            </Button>
            {form.isDirty() && (
              <Button variant="subtle" color="gray" onClick={form.reset}>
                Discard changes
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

function sendersHint(domains: readonly string[]): string {
  if (domains.length === 0) return 'From whom mail is that names nobody.'
  return `From whom mail is that names nobody. Trusted: ${domains.slice(0, 4).join(', ')}${domains.length > 4 ? ' …' : ''}`
}

/** That a domain is not trusted is said of no field, and there is one that it is about. */
function aboutSender(error: unknown): never {
  if (codeOf(error) !== 'SENDER_UNVERIFIED') throw error
  const { message, suggestion = '' } = problemOf(error)
  const words = `${message} ${suggestion}`.trim()
  throw new OtherRefusal(words, [{ field: 'defaultSender', message: words, code: 'sender_unverified' }])
}
