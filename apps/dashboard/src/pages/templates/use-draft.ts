import { useForm, type UseFormReturnType } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { codeOf } from '../../api/problem.ts'
import { useSaving, type Saving } from '../../forms/use-saving.ts'
import { useProject } from '../../shell/project-scope.ts'
import type { Template } from './kinds.tsx'
import { baseOf, changesOf, clashesIn, isSameIn, valuesOf, type Field, type TemplateValues } from './values.ts'
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
  /** What somebody else has saved meanwhile where this is typed, while it is asked whose shall stay. */
  clash: Clash | undefined
}

export interface Clash {
  fields: Field[]
  keepMine(): void
  takeTheirs(): void
  close(): void
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
  const [clash, setClash] = useState<{ fields: Field[]; theirs: Template }>()
  const takenRef = useRef(template)
  /** What the form held before anything was typed into it. */
  const baseRef = useRef(valuesOf(template))
  /** Whose content may be written over. */
  const overRef = useRef<string>(undefined)
  const isPublishRef = useRef(false)

  const key = trpc.templates.get.queryKey({ id: template.id })
  /** Takes an answer of the server for what is saved; what was typed meanwhile stays. */
  const take = (answer: Template, base = valuesOf(answer)) => {
    takenRef.current = answer
    baseRef.current = base
    queryClient.setQueryData(key, answer)
    form.setInitialValues(base)
  }
  const show = (answer: Template) => {
    take(answer)
    form.setValues(valuesOf(answer))
    form.resetDirty()
    form.clearErrors()
    setRevision((last) => last + 1)
  }
  /** Saves what was typed beside what others have saved; undefined: it is asked first whose shall stay. */
  const store = async (typed: TemplateValues, theirs: Template): Promise<Template | undefined> => {
    const fields = clashesIn(typed, valuesOf(theirs), baseRef.current)
    if (fields !== undefined && overRef.current !== theirs.revision) {
      setClash({ fields, theirs })
      return undefined
    }
    const ifRevision = theirs.revision
    try {
      const changes = changesOf(typed, baseRef.current)
      return await update.mutateAsync({ id: template.id, ifRevision, ...changes, publish: false })
    } catch (error) {
      const latest = codeOf(error) === 'TEMPLATE_CHANGED' ? await fetchLatest() : theirs
      if (latest.revision === ifRevision) throw error
      return store(typed, latest)
    }
  }
  const fetchLatest = () =>
    queryClient.fetchQuery({ ...trpc.templates.get.queryOptions({ id: template.id }), staleTime: 0 })
  const saving = useSaving(form, async (values) => {
    const before = baseRef.current
    if (changesOf(values, before) !== undefined) {
      const saved = await store(values, queryClient.getQueryData(key) ?? takenRef.current)
      if (saved === undefined) return
      const base = baseOf(valuesOf(saved), { typed: values, before })
      if (!isSameIn(base, valuesOf(saved)) && isSameIn(form.getValues(), values)) show(saved)
      else {
        take(saved, base)
        form.resetDirty(values)
      }
    }
    const { draftVersion, revision: ifRevision } = takenRef.current
    const isPublished = draftVersion === null
    if (isPublishRef.current && !isPublished) {
      const published = await publishing.mutateAsync({ id: template.id, ifRevision })
      take(published, baseRef.current)
    }
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
  const asked = clash && {
    fields: clash.fields,
    keepMine() {
      overRef.current = clash.theirs.revision
      setClash(undefined)
      saving.submit()
    },
    takeTheirs() {
      setClash(undefined)
      show(clash.theirs)
    },
    close: () => setClash(undefined),
  }
  return { form, saving, save: () => submitFor(false), publish: () => submitFor(true), revision, show, clash: asked }
}

function wordsFor(isPublish: boolean, wasPublished: boolean): string {
  if (!isPublish) return wasPublished ? 'The changes are saved.' : 'The draft is saved.'
  return wasPublished ? 'What stands here is what is sent.' : 'The template is published.'
}
