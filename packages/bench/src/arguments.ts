import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parts } from './rows.ts'

const Arguments = z.object({
  quick: z.boolean().default(false),
  json: z.string().optional(),
  only: z.array(z.enum(parts)).default([...parts]),
})
export type Arguments = z.infer<typeof Arguments>

export const usage = `pnpm bench [--quick] [--json FILE] [--only PART]...
  --quick      one round, everything in about a minute
  --json FILE  writes the rows to a file as well
  --only PART  measures this alone; may be repeated: ${parts.join(', ')}`

/** Reads the command line; throws a sentence that an operator understands. */
export function readArguments(words: string[]): Arguments {
  const { values } = parseArgs({
    // pnpm hands its own separator on.
    args: words.filter((word) => word !== '--'),
    options: { quick: { type: 'boolean' }, json: { type: 'string' }, only: { type: 'string', multiple: true } },
  })
  const parsed = Arguments.safeParse(values)
  if (!parsed.success) throw new Error(parsed.error.issues.map((issue) => issue.message).join('; '))
  return parsed.data
}
