import { createInterface } from 'node:readline'
import type { Surroundings } from './cli.ts'
import { usageError } from './errors.ts'

/** What somebody types to a question. A script has nobody to ask and says it beforehand, with `flag`. */
export async function ask(
  { stdin, stderr }: Pick<Surroundings, 'stdin' | 'stderr'>,
  { question, flag }: { question: string; flag: string },
): Promise<string> {
  if (stdin.isTTY !== true) throw usageError(`Nobody is here to be asked: say it with ${flag}.`)
  // What is asked is no part of the answer, which may go into a file.
  const reader = createInterface({ input: stdin, output: stderr, prompt: question })
  reader.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  reader.prompt()
  for await (const line of reader) return line
  throw usageError(`Nothing was typed: say it with ${flag}.`)
}
