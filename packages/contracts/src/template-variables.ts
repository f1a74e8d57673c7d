import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { FORBIDDEN_DATA_KEYS, Json } from './primitives.ts'
import { BUILT_IN_VARIABLES } from './template-names.ts'
import { fitsType, VARIABLE_TYPES, type VariableType } from './variable-types.ts'

/** The kinds in words. */
export const TYPE_WORDS: Record<VariableType, string> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date in ISO 8601, such as 2026-01-31 or 2026-01-31T09:30:00Z,',
  list: 'a list',
  object: 'an object',
}

const VARIABLE_NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u

export const TemplateVariable = z
  .object({
    name: z
      .string()
      .max(LIMITS.dataKeyLength)
      .regex(VARIABLE_NAME, { error: 'Letters, digits, - and _ only, and a letter or _ first.' }),
    type: z.enum(VARIABLE_TYPES),
    fallback: Json.optional().describe(
      'Stands for the value where a recipient has none; of the `type`, or null for nothing. Left out: the value is needed.',
    ),
  })
  .meta({ id: 'TemplateVariable', description: 'A value that a template is given by whoever sends it.' })

const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_VARIABLES)

function whyNoName(name: string): string | undefined {
  if (BUILT_IN.has(name)) return `Every template has \`${name}\` already, so no send can give it; pick another name.`
  if (FORBIDDEN_DATA_KEYS.has(name))
    return `No \`data\` may hold \`${name}\`, so no send can give it; pick another name.`
  return undefined
}

/** What is declared. It is held to its own types here alone: what was stored before can still be read. */
export const declaredVariables = z
  .array(TemplateVariable)
  .max(LIMITS.variablesPerTemplate)
  .refine((variables) => new Set(variables.map(({ name }) => name)).size === variables.length, {
    error: 'Each variable is declared once.',
  })
  .superRefine((variables, ctx) => {
    const refuse = (place: number, field: 'name' | 'fallback', message: string) =>
      ctx.addIssue({ code: 'custom', path: [place, field], message })
    for (const [place, { name, type, fallback }] of variables.entries()) {
      const problem = whyNoName(name)
      if (problem !== undefined) refuse(place, 'name', problem)
      if (fallback === undefined || fallback === null || fitsType(type, fallback)) continue
      refuse(
        place,
        'fallback',
        `The fallback of \`${name}\` has to be ${TYPE_WORDS[type]} or null, since that is its type.`,
      )
    }
  })
