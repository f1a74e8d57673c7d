import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { percentile } from './numbers.ts'
import { freePort, waitForPort } from './ports.ts'
import type { Run } from './run.ts'

/** What the instruments themselves can do here. A contender near one of these is not measured but limited. */
export type Limits = { sinkPerSecond: number; generatorPerSecond: number; fdatasyncMs: number }

const folder = import.meta.dirname

export async function measureLimits(run: Run): Promise<Limits> {
  return {
    sinkPerSecond: await sinkLimit(run),
    generatorPerSecond: await generatorLimit(run),
    fdatasyncMs: fdatasyncMs(run.folder),
  }
}

async function sinkLimit({ processes, sink }: Run): Promise<number> {
  const messages = { from: 5000, until: 25_000 }
  const feeder = await processes.start({ name: 'feeder', args: [join(folder, 'sink/feed-main.ts')] })
  const arrival = sink.expect(messages)
  feeder.send({ port: sink.port, messages: messages.until, connections: 4 })
  const { fromNs, untilNs } = await Promise.race([arrival, feeder.failure])
  await feeder.stop()
  return (messages.until - messages.from) / (Number(untilNs - fromNs) / 1e9)
}

async function generatorLimit({ processes, load, sizes }: Run): Promise<number> {
  const port = await freePort()
  const answerer = await processes.start({ name: 'answerer', args: [join(folder, 'load/answerer.ts'), String(port)] })
  await waitForPort(port, answerer.failure)
  const endpoint = { port, path: '/', authorization: 'Bearer none' }
  const extent = { warmMs: 500, measureMs: 1000 }
  const { perSecond } = await load({ endpoint, connections: sizes.connections, mailsPerRequest: 1, extent })
  await answerer.stop()
  return perSecond
}

/** The median time until 8 kB are safe where the database is. */
function fdatasyncMs(runFolder: string): number {
  const file = join(runFolder, 'fdatasync')
  const descriptor = openSync(file, 'w')
  const page = Buffer.alloc(8192)
  const taken = Array.from({ length: 50 }, () => {
    const startedAt = performance.now()
    writeSync(descriptor, page, 0, page.length, 0)
    fdatasyncSync(descriptor)
    return performance.now() - startedAt
  })
  closeSync(descriptor)
  rmSync(file)
  return percentile(taken, 50)
}
