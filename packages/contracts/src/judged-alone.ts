import { z } from 'zod'

const known = new WeakSet<z.core.$ZodType>()

/**
 * An item of a list whose items are each judged for themselves: whatever is wrong with one is its own result, and no
 * refusal of the call. The schema says what an item is, and lets anything through to the one who judges.
 */
export function judgedAlone<Item extends z.ZodType>(item: Item): z.ZodType<unknown, z.input<Item>> {
  // Safe because more is taken than the type says.
  const schema = z.union([z.unknown(), item]) as unknown as z.ZodType<unknown, z.input<Item>>
  known.add(schema)
  return schema
}

export const isJudgedAlone = (schema: z.core.$ZodType): boolean => known.has(schema)

/** The names of the fields of an input that are lists of such items. */
export const listsJudgedAlone = ({ shape }: z.ZodObject): string[] =>
  Object.keys(shape).filter((name) => {
    const field = shape[name]
    return field instanceof z.ZodArray && isJudgedAlone(field.element)
  })
