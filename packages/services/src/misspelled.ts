import type { FieldError } from '@posthorn/contracts'
import { z } from 'zod'

const squash = (name: string) => name.toLowerCase().replaceAll(/[_-]/g, '')

/**
 * Unknown fields are ignored, so that clients of other systems keep working; but a field that differs from a known
 * one by case or separators alone was surely meant: `scheduled_at` ignored would send a mail at once.
 */
export function misspelledFields(schema: z.core.$ZodType, value: unknown, path = ''): FieldError[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = unwrap(schema)
  if (inner instanceof z.ZodArray) {
    if (!Array.isArray(value)) return []
    return value.flatMap((item, index) => misspelledFields(inner.element, item, `${path}${index}.`))
  }
  if (!(inner instanceof z.ZodObject) || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([name, field]) => {
    const known = inner.shape[name]
    if (known !== undefined) return misspelledFields(known, field, `${path}${name}.`)
    const meant = squashedNames(inner).get(squash(name))
    return meant === undefined
      ? []
      : [{ field: path + name, message: `Did you mean \`${meant}\`?`, code: 'unrecognized_key' }]
  })
}

const squashed = new WeakMap<z.ZodObject, Map<string, string>>()

function squashedNames(schema: z.ZodObject): Map<string, string> {
  const names = squashed.get(schema) ?? new Map(Object.keys(schema.shape).map((name) => [squash(name), name]))
  squashed.set(schema, names)
  return names
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? unwrap(schema.unwrap()) : schema
}
