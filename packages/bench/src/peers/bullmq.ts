import { join } from 'node:path'
import type { Contender, Stage } from '../contender.ts'
import { freePort, waitForHttp } from '../ports.ts'
import type { Running } from '../processes.ts'
import { redisCommand, startRedis, type Redis } from '../redis.ts'
import type { Run } from '../run.ts'
import { installModules } from './bullmq/install.ts'
import { hashOfKey } from './web.ts'

const key = 'sk_bench_bullmq_0123456789'
const programs = join(import.meta.dirname, 'bullmq')

/** The usual fast one: a crash of the machine loses up to a second of accepted mail. */
export function bullmq(run: Run): Contender {
  return { name: 'bullmq', title: 'Express, BullMQ on Redis, nodemailer pool; not durable', prepare: () => stage(run) }
}

async function stage(run: Run): Promise<Stage> {
  const modulesFolder = await installModules()
  const { processes, sink } = run
  let redis: Redis | undefined
  let api: Running | undefined
  let worker: Running | undefined

  function argument(more: { port?: number; smtpPort?: number }) {
    return JSON.stringify({ redisPort: redis?.port, modulesFolder, ...more })
  }
  async function stop() {
    await Promise.all([api?.stop(), worker?.stop()])
    api = worker = undefined
  }
  async function startApi() {
    const port = await freePort()
    api = await processes.start({ name: 'bullmq-api', args: [join(programs, 'api.ts'), argument({ port })] })
    await waitForHttp(`http://127.0.0.1:${port}/health`, api.failure)
    const batch = { path: '/v1/send/batch', before: '{"emails":[', after: ']}' }
    return { port, path: '/v1/send', authorization: `Bearer ${key}`, batch }
  }
  async function startWorker() {
    const args = [join(programs, 'worker.ts'), argument({ smtpPort: sink.port })]
    worker = await processes.start({ name: 'bullmq-worker', args })
  }
  return {
    startApi,
    startWorker,
    stop,
    failure: () => Promise.race([api, worker, redis?.running].flatMap((running) => running?.failure ?? [])),
    async reset() {
      await stop()
      await redis?.running.stop()
      redis = await startRedis(run)
      await redisCommand(redis.port, `SET key:${hashOfKey(key)} bench`)
    },
    async startIdle() {
      await startApi()
      await startWorker()
      return [api?.pid, worker?.pid, redis?.running.pid].filter((pid) => pid !== undefined)
    },
    async dispose() {
      await stop()
      await redis?.running.stop()
    },
  }
}
