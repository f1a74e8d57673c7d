import { Absent, type Contender, type ContenderName, type Stage } from '../contender.ts'
import { median } from '../numbers.ts'
import type { Results } from '../report.ts'
import type { Part } from '../rows.ts'
import type { Run } from '../run.ts'
import { measureAccept, measureBatch, measureTrack } from './accept.ts'
import { measureContacts } from './contacts.ts'
import { measureDrain } from './drain.ts'
import { measureImports } from './imports.ts'
import { measureLatency, measureMemory } from './idle.ts'
import { measureRender } from './render.ts'
import { measureStatements } from './statements.ts'

type Measurement = (run: Run, stage: Stage, name: ContenderName) => Promise<Record<string, number>>

/** Noise moves what is timed, so only that is repeated. */
const measurements: Record<Part, { measure: Measurement; repeated: boolean }> = {
  memory: { measure: measureMemory, repeated: false },
  accept: { measure: measureAccept, repeated: true },
  batch: { measure: measureBatch, repeated: true },
  track: { measure: measureTrack, repeated: true },
  drain: { measure: measureDrain, repeated: true },
  latency: { measure: measureLatency, repeated: false },
  statements: { measure: measureStatements, repeated: false },
  render: { measure: (run, _, name) => measureRender(run, name), repeated: true },
  contacts: { measure: measureContacts, repeated: false },
  imports: { measure: measureImports, repeated: false },
}

export type Finished = Results & { broken: boolean }

/** Measures part after part; within a part the contenders take turns, so that a slow minute hits all of them. */
export async function measure(
  run: Run,
  contenders: Contender[],
  options: { parts: readonly Part[]; tell: (line: string) => void },
): Promise<Finished> {
  const { parts, tell } = options
  const samples: Partial<Record<ContenderName, Record<string, number[]>>> = {}
  const absences: Results['absences'] = {}
  let broken = false

  function giveUp({ name }: Contender, error: unknown, missed: readonly Part[]) {
    broken ||= !(error instanceof Absent)
    const reason = error instanceof Error ? error.message : String(error)
    for (const part of missed) (absences[name] ??= {})[part] ??= reason
    tell(`${missed.join(', ')} ${name}: ${reason}`)
  }

  const stages: { contender: Contender; stage: Stage }[] = []
  for (const contender of contenders) {
    try {
      stages.push({ contender, stage: await contender.prepare() })
    } catch (error) {
      giveUp(contender, error, parts)
    }
  }
  for (const part of parts) {
    const { measure, repeated } = measurements[part]
    const rounds = repeated ? run.sizes.rounds : 1
    for (let round = 0; round < rounds; round++) {
      for (const { contender, stage } of rotated(stages, round)) {
        try {
          const seen = await measure(run, stage, contender.name)
          await stage.stop()
          const kept = (samples[contender.name] ??= {})
          for (const [key, value] of Object.entries(seen)) (kept[key] ??= []).push(value)
          tell(`${part} ${round + 1}/${rounds} ${contender.name}: ${inWords(seen)}`)
        } catch (error) {
          giveUp(contender, error, [part])
          await stage.stop()
        }
      }
    }
  }
  for (const { stage } of stages) await stage.dispose()
  const medians = Object.entries(samples).map(([name, kept]) => [
    name,
    Object.fromEntries(Object.entries(kept).map(([key, values]) => [key, median(values)])),
  ])
  return { values: Object.fromEntries(medians), absences, broken }
}

function rotated<T>(list: T[], by: number): T[] {
  return [...list.slice(by % list.length), ...list.slice(0, by % list.length)]
}

function inWords(values: Record<string, number>): string {
  const words = Object.entries(values).map(([key, value]) => `${key} ${value.toPrecision(4)}`)
  return words.length === 0 ? 'nothing to measure' : words.join(', ')
}
