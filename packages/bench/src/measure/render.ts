import { join } from 'node:path'
import { z } from 'zod'
import type { ContenderName } from '../contender.ts'
import { runToEnd } from '../processes.ts'
import type { Run } from '../run.ts'

const program = join(import.meta.dirname, '../render/main.ts')

/** What it costs to read a template and to fill it in, by itself and in a process of its own. */
export async function measureRender(run: Run, name: ContenderName): Promise<Record<string, number>> {
  const args = [program, JSON.stringify({ name, times: run.sizes.render.times })]
  return z.record(z.string(), z.number()).parse(JSON.parse(await runToEnd({ name: `render ${name}`, args })))
}
