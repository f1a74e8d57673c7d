import { Button, Checkbox, Radio, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { LIMITS } from '@posthorn/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FormProblem } from '../../forms/form-problem.tsx'
import { KeepTyped } from '../../forms/keep-typed.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { useProject } from '../../shell/project-scope.ts'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import type { Topic } from './topics.tsx'

const LEFT = 'left'
const CHOSEN = 'chosen'

/** Creates a topic, or changes one. */
export default function TopicForm({ topic, onClose }: { topic: Topic | undefined; onClose(): void }) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const onSuccess = () => queryClient.invalidateQueries(trpc.topics.pathFilter())
  const create = useMutation(trpc.topics.create.mutationOptions({ onSuccess }))
  const update = useMutation(trpc.topics.update.mutationOptions({ onSuccess }))
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      name: topic?.name ?? '',
      id: topic?.id ?? '',
      description: topic?.description ?? '',
      subscribedByDefault: topic?.subscribedByDefault === true ? LEFT : CHOSEN,
      doubleOptIn: topic?.doubleOptIn ?? false,
      visible: topic?.visible ?? true,
    },
  })
  const { submit, isSaving, problem } = useSaving(form, async ({ id, description, subscribedByDefault, ...rest }) => {
    const about = {
      ...rest,
      id,
      description: description.trim() === '' ? null : description,
      subscribedByDefault: subscribedByDefault === LEFT,
    }
    await (topic === undefined ? create.mutateAsync(about) : update.mutateAsync(about))
    onClose()
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <KeepTyped form={form} isSaving={isSaving} />
        <FormProblem problem={problem} />
        <TextInput
          label="Name"
          description="What recipients read, such as “Weekly digest”."
          required
          autoFocus
          data-autofocus
          maxLength={LIMITS.topicNameLength}
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        {topic === undefined && (
          <TextInput
            label="Id"
            description="For programs, such as weekly-digest. It cannot be changed."
            required
            autoComplete="off"
            spellCheck={false}
            maxLength={LIMITS.topicIdLength}
            key={form.key('id')}
            {...form.getInputProps('id')}
          />
        )}
        <Textarea
          label="Description"
          description="What recipients read below the name, if anything."
          autosize
          maxRows={5}
          maxLength={LIMITS.topicDescriptionLength}
          key={form.key('description')}
          {...form.getInputProps('description')}
        />
        <Radio.Group
          label="Who gets it"
          key={form.key('subscribedByDefault')}
          {...form.getInputProps('subscribedByDefault')}
        >
          <Stack gap="xs" mt="xs">
            <Radio value={CHOSEN} label="Who has chosen it (opt-in)" />
            <Radio value={LEFT} label="All subscribed contacts who have not left it (opt-out)" />
          </Stack>
        </Radio.Group>
        <Checkbox
          label="Ask people by mail to confirm"
          description="Who chooses it gets it once they press the button in a mail (double opt-in). Not where people get it unasked."
          key={form.key('doubleOptIn')}
          {...form.getInputProps('doubleOptIn', { type: 'checkbox' })}
        />
        <Checkbox
          label="Offer it to recipients"
          description="On the page that the links in their mail lead to."
          key={form.key('visible')}
          {...form.getInputProps('visible', { type: 'checkbox' })}
        />
        <DialogFooter>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            {topic === undefined ? 'Create topic' : 'Save'}
          </Button>
        </DialogFooter>
      </Stack>
    </form>
  )
}
