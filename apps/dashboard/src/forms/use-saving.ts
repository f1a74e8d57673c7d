import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import { problemOf, type Problem } from '../api/problem.ts'

/** What `useSaving` needs to know of a form: each of Mantine's fits. */
type Form<Values> = Pick<UseFormReturnType<Values>, 'onSubmit' | 'setErrors' | 'getInputNode' | 'getValues'>

export interface Saving {
  /** For `<form onSubmit>`. */
  submit(event?: React.FormEvent<HTMLFormElement>): void
  isSaving: boolean
  /** What stands above the form: everything that belongs to no single field. */
  problem: Problem | undefined
}

/**
 * Submits a form. On failure everything that was typed stays, errors of fields stand at their fields, and the first wrong
 * field has the focus.
 */
export function useSaving<Values extends Record<string, unknown>>(
  form: Form<Values>,
  save: (values: Values) => Promise<unknown>,
): Saving {
  const [isSaving, setSaving] = useState(false)
  const [problem, setProblem] = useState<Problem>()

  const focusFirst = (names: string[]) => {
    const node = names.map((name) => form.getInputNode(name)).find((node) => node instanceof HTMLElement)
    node?.focus()
  }

  const run = async (values: Values) => {
    setSaving(true)
    setProblem(undefined)
    try {
      await save(values)
    } catch (error) {
      const failed = problemOf(error)
      const known = failed.fields.filter(({ field }) => Object.hasOwn(form.getValues(), topOf(field)))
      form.setErrors(Object.fromEntries(known.map(({ field, message }) => [topOf(field), message])))
      const isSaidAtFields = known.length > 0 && known.length === failed.fields.length
      setProblem(
        isSaidAtFields ? undefined : { ...failed, fields: failed.fields.filter((one) => !known.includes(one)) },
      )
      focusFirst(known.map(({ field }) => topOf(field)))
    } finally {
      setSaving(false)
    }
  }

  const submit = form.onSubmit(
    (values) => {
      // A second press of Enter while the first is on its way.
      if (!isSaving) void run(values)
    },
    (errors) => focusFirst(Object.keys(errors)),
  )
  return { submit, isSaving, problem }
}

/** `to.0.email` is an error of the field `to`. */
const topOf = (field: string) => field.split('.')[0] ?? field
