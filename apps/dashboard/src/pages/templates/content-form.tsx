import { JsonInput, NativeSelect, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { LIMITS } from '@posthorn/contracts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { BodyField } from './body-field.tsx'
import { TYPE_HINT, TYPE_OPTIONS } from './kinds.tsx'
import type { Draft } from './use-draft.ts'
import { variablesIn } from './values.ts'

/** All that a template is made of. Whoever may not change it may read it here. */
export function ContentForm({ draft, readOnly }: { draft: Draft; readOnly: boolean }) {
  const { form, saving, revision } = draft
  const field = (name: 'name' | 'subject' | 'from' | 'fromName' | 'replyTo' | 'text' | 'variables') => ({
    key: form.key(name),
    ...form.getInputProps(name),
    readOnly,
  })
  const error = form.errors['body'] ?? form.errors['design']
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        draft.save()
      }}
    >
      <Stack>
        <FormProblem problem={saving.problem} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Name"
            description="Your app sends the template by it. A new name applies when it is saved."
            required
            maxLength={LIMITS.templateNameLength}
            {...field('name')}
          />
          <NativeSelect
            label="Type"
            description={TYPE_HINT}
            data={TYPE_OPTIONS}
            disabled={readOnly}
            key={form.key('type')}
            {...form.getInputProps('type')}
          />
        </SimpleGrid>
        <TextInput label="Subject" required maxLength={LIMITS.subjectLength} {...field('subject')} />
        <BodyField
          key={revision}
          initial={{ body: form.getInitialValues().body, design: form.getInitialValues().design }}
          onChange={({ body, design }) => {
            form.setFieldValue('body', body, { forceUpdate: false })
            form.setFieldValue('design', design, { forceUpdate: false })
          }}
          declared={() => variablesIn(form.getValues().variables)?.map(({ name }) => name) ?? []}
          error={typeof error === 'string' ? error : undefined}
          readOnly={readOnly}
        />
        <Textarea
          label="Text"
          description="The part without HTML. Left empty, it is made of the body."
          autosize
          minRows={3}
          maxRows={16}
          {...field('text')}
        />
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <TextInput
            label="Sender"
            description="Empty: whom the call names, or the default of the project."
            type="email"
            autoComplete="off"
            {...field('from')}
          />
          <TextInput
            label="Name of the sender"
            description="Shown before the address."
            maxLength={LIMITS.displayNameLength}
            autoComplete="off"
            {...field('fromName')}
          />
          <TextInput
            label="Reply to"
            description="Where answers go. Empty: to the sender."
            type="email"
            autoComplete="off"
            {...field('replyTo')}
          />
        </SimpleGrid>
        <JsonInput
          label="Declared values"
          description='What a send brings along, as a list of JSON: name, type and perhaps a fallback. [{"name": "total", "type": "number", "fallback": 0}]'
          autosize
          minRows={2}
          maxRows={16}
          spellCheck={false}
          {...field('variables')}
        />
      </Stack>
    </form>
  )
}
