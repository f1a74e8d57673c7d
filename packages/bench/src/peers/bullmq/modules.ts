import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Mail } from '../schema.ts'

/**
 * The part of BullMQ and ioredis that the peer uses. Both are installed only where there is a Redis to
 * measure, so that nobody else downloads them, and their own types are then not there to check against.
 */
type Connection = { host: string; port: number }
type JobOptions = { attempts: number; backoff: { type: 'exponential'; delay: number }; removeOnComplete: boolean }
type Settings = { connection: Connection; defaultJobOptions?: JobOptions; concurrency?: number }

type Queue = {
  add(name: string, mail: Mail): Promise<{ id?: string }>
  addBulk(jobs: { name: string; data: Mail }[]): Promise<{ id?: string }[]>
  close(): Promise<void>
}
type Worker = { on(event: 'error', listener: (error: Error) => void): void; close(force: boolean): Promise<void> }
type Redis = { get(key: string): Promise<string | null>; disconnect(): void }

type BullModule = {
  Queue: new (name: string, settings: Settings) => Queue
  Worker: new (name: string, work: (job: { data: Mail }) => Promise<void>, settings: Settings) => Worker
}
type RedisModule = { Redis: new (settings: Connection & { enableAutoPipelining: boolean }) => Redis }

export const versions = { bullmq: '6.7.0', ioredis: '6.0.0' }
export const queueName = 'send-email'

export function loadModules(folder: string): BullModule & RedisModule {
  const load = createRequire(join(folder, 'package.json'))
  // Safe because the folder was filled with exactly these versions, whose exports these are.
  return { ...(load('bullmq') as BullModule), ...(load('ioredis') as RedisModule) }
}
