import { useForm, type UseFormReturnType } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useSaving, type Saving } from '../../forms/use-saving.ts'
import { useProject } from '../../shell/project-scope.ts'
import type { Template } from './kinds.tsx'
import { changesOf, valuesOf, type TemplateValues } from './values.ts'
import { problemsIn } from './variables.ts'

export interface Draft {
  form: UseFormReturnType<TemplateValues>
  saving: Saving
  save(): void
  publish(): void
  /** Differs when the form holds something else than what was typed into it. */
  revision: number
  /** Shows what the server has, in place of what is in the form. */
  show(template: Template): void
}

/** What is typed into a template, kept as its draft when it is saved. */
export function useDraft(template: Template): Draft {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const update = useMutation(trpc.templates.update.mutationOptions())
  const publishing = useMutation(trpc.templates.publish.mutationOptions())
  const form = useForm<TemplateValues>({
    mode: 'uncontrolled',
    initialValues: valuesOf(template),
    validate: ({ variables }) => problemsIn(variables),
  })
  const [revision, setRevision] = useState(0)
  const takenRef = useRef(template)
  const isPublishRef = useRef(false)

  /** Takes an answer of the server for what is saved; what was typed meanwhile stays. */
  const take = (answer: Template) => {
    takenRef.current = answer
    queryClient.setQueryData(trpc.templates.get.queryKey({ id: answer.id }), answer)
    form.setInitialValues(valuesOf(answer))
  }
  const show = (answer: Template) => {
    take(answer)
    form.setValues(valuesOf(answer))
    form.resetDirty()
    form.clearErrors()
    setRevision((last) => last + 1)
  }
  const saving = useSaving(form, async (values) => {
    const changes = changesOf(values, valuesOf(takenRef.current))
    if (changes !== undefined) {
      const saved = await update.mutateAsync({ id: template.id, ...changes, publish: false })
      take(saved)
      form.resetDirty(values)
    }
    const isPublished = takenRef.current.draftVersion === null
    if (isPublishRef.current && !isPublished) take(await publishing.mutateAsync({ id: template.id }))
    void queryClient.invalidateQueries(trpc.templates.list.pathFilter())
    void queryClient.invalidateQueries(trpc.templates.versions.pathFilter())
    notifications.show({ message: wordsFor(isPublishRef.current, isPublished) })
  })

  const follow = useEffectEvent((latest: Template) => {
    const isOther = latest.updatedAt !== takenRef.current.updatedAt
    // What somebody is typing is theirs, whoever else has saved.
    if (isOther && !saving.isSaving && !form.isDirty()) show(latest)
  })
  useEffect(() => follow(template), [template])

  const submitFor = (isPublish: boolean) => {
    isPublishRef.current = isPublish
    saving.submit()
  }
  return { form, saving, save: () => submitFor(false), publish: () => submitFor(true), revision, show }
}

function wordsFor(isPublish: boolean, wasPublished: boolean): string {
  if (!isPublish) return wasPublished ? 'The changes are saved.' : 'The draft is saved.'
  return wasPublished ? 'What stands here is what is sent.' : 'The template is published.'
}
