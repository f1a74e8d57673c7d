import { NativeSelect, SimpleGrid, Skeleton, Stack, Textarea, TextInput } from '@mantine/core'
import { LIMITS } from '@posthorn/contracts'
import { Suspense } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { BodyField } from './body-field.tsx'
import { TYPE_HINT, TYPE_OPTIONS } from './kinds.tsx'
import type { Draft } from './use-draft.ts'
import { readRows } from './variables.ts'

const DeclaredValues = loadedLater(() => import('./declared-values.tsx'))

/** All that a template is made of. Whoever may not change it may read it here. */
export function ContentForm({ draft, readOnly }: { draft: Draft; readOnly: boolean }) {
  const { form, saving, revision } = draft
  const field = (name: 'name' | 'subject' | 'from' | 'fromName' | 'replyTo' | 'text') => ({
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
          declared={() => namesIn(form.getValues().variables)}
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
        <Suspense fallback={<Skeleton h="4rem" />}>
          <DeclaredValues
            key={revision}
            initial={form.getInitialValues().variables}
            onChange={(rows) => {
              form.setFieldValue('variables', rows, { forceUpdate: false })
              for (const path of Object.keys(form.errors)) if (path.startsWith('variables')) form.clearFieldError(path)
            }}
            errors={form.errors}
            readOnly={readOnly}
          />
        </Suspense>
      </Stack>
    </form>
  )
}

/** What can be put in a text: an object would be printed as JSON. */
const namesIn = (rows: string) =>
  readRows(rows)
    .filter(({ name, type }) => name !== '' && type !== 'object')
    .map(({ name }) => name)
