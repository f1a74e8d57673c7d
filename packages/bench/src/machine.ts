import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import type { Limits } from './limits.ts'
import type { Run } from './run.ts'

/** Everything that the numbers of a run depend on and that another machine has otherwise. */
export type Machine = {
  at: string
  system: string
  processor: string
  cores: number
  memoryMb: number
  loadBefore: number
  node: string
  postgres: string
  sink: string
  limits: Limits
}

export function describeMachine(run: Run, more: { limits: Limits; loadBefore: number }): Machine {
  return {
    at: new Date().toISOString(),
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryMb: Math.round(totalmem() / 2 ** 20),
    node: process.version,
    postgres: run.cluster.version,
    sink: run.sink.name,
    ...more,
  }
}

/** Processes that wanted to run during the last minute, on average; the bench wants to be alone. */
export const loadNow = (): number => loadavg()[0] ?? 0
