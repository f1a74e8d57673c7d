import { Button, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { LIMITS } from '@posthorn/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { FormProblem } from '../../forms/form-problem.tsx'
import { KeepTyped } from '../../forms/keep-typed.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { useProject } from '../../shell/project-scope.ts'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import { newDesign } from './first-design.ts'
import { TYPE_HINT, TYPE_OPTIONS, type Template } from './kinds.tsx'
import { designOf } from './visual/design.ts'
import { toMjml } from './visual/to-mjml.ts'

const GREETING = `<h1>Hello {{ firstName | default: "there" }}</h1>
<p>Write here what this mail is to say.</p>
`
const FOOTER = '<p><a href="{{ unsubscribeUrl }}">Unsubscribe</a></p>\n'

/** The same to begin with, whichever way it is written. */
function firstBody({ type, way }: Values) {
  if (way === 'code') return { body: type === 'TRANSACTIONAL' ? GREETING : GREETING + FOOTER }
  const document = newDesign(type)
  return { body: toMjml(document), design: designOf(document) }
}

const WAYS = [
  { value: 'visual', label: 'Visual, with blocks' },
  { value: 'code', label: 'Code, in HTML or MJML' },
]

interface Values extends Record<string, unknown> {
  name: string
  type: Template['type']
  subject: string
  way: 'visual' | 'code'
}

/** Makes a draft, and goes on to it. */
export default function CreateForm({ onClose }: { onClose(): void }) {
  const { trpc, id: projectId } = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const form = useForm<Values>({
    mode: 'uncontrolled',
    initialValues: { name: '', type: 'TRANSACTIONAL', subject: '', way: 'visual' },
  })
  const create = useMutation(
    trpc.templates.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.templates.list.pathFilter()),
    }),
  )
  const { submit, isSaving, problem } = useSaving(form, async (values) => {
    const { way: _, ...about } = values
    const { id } = await create.mutateAsync({ ...about, ...firstBody(values), publish: false })
    onClose()
    await navigate({ to: '/p/$projectId/templates/$templateId', params: { projectId, templateId: id } })
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <KeepTyped form={form} isSaving={isSaving} />
        <FormProblem problem={problem} />
        <TextInput
          label="Name"
          description="Your app sends the template by this name."
          required
          autoFocus
          data-autofocus
          maxLength={LIMITS.templateNameLength}
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <Select
          label="Type"
          description={TYPE_HINT}
          data={TYPE_OPTIONS}
          key={form.key('type')}
          {...form.getInputProps('type')}
        />
        <TextInput
          label="Subject"
          required
          maxLength={LIMITS.subjectLength}
          key={form.key('subject')}
          {...form.getInputProps('subject')}
        />
        <Select
          label="Editor"
          description="A visual design can be turned into code later on; code stays code."
          data={WAYS}
          allowDeselect={false}
          key={form.key('way')}
          {...form.getInputProps('way')}
        />
        <DialogFooter>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            Create template
          </Button>
        </DialogFooter>
      </Stack>
    </form>
  )
}
