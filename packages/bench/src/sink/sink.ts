import { join } from 'node:path'
import type { Processes, Running } from '../processes.ts'
import type { SinkReport, SinkRequest } from './counting.ts'

const program = join(import.meta.dirname, 'main.ts')

export type Arrival = { fromNs: bigint; untilNs: bigint }

export type Sink = {
  port: number
  name: string
  /** Starts counting from zero; resolves with the moments at which the two messages arrived. */
  expect(messages: { from: number; until: number }): Promise<Arrival>
  count(): Promise<number>
}

export async function startSink(processes: Processes): Promise<Sink> {
  const running = await processes.start({ name: 'sink', args: [program] })
  const { port, name } = await next(running, 'listening')
  const ask = (request: SinkRequest) => running.send(request)
  async function count() {
    const answer = next(running, 'count')
    ask('count')
    return (await answer).count
  }
  return {
    port,
    name,
    count,
    async expect(messages) {
      const reached = next(running, 'reached')
      ask(messages)
      const { fromNs, untilNs } = await reached
      return { fromNs: BigInt(fromNs), untilNs: BigInt(untilNs) }
    },
  }
}

async function next<K extends SinkReport['kind']>(running: Running, kind: K) {
  const report = new Promise<Extract<SinkReport, { kind: K }>>((resolve) => {
    // Safe because sink/main.ts sends nothing but SinkReports.
    const listener = (message: unknown) => {
      const received = message as SinkReport
      if (received.kind !== kind) return
      running.child.off('message', listener)
      resolve(received as Extract<SinkReport, { kind: K }>)
    }
    running.child.on('message', listener)
  })
  return await Promise.race([report, running.failure])
}
