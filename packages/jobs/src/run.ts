import { setTimeout as sleep } from 'node:timers/promises'
import type { Job, PgBoss } from 'pg-boss'
import { JOB_NAMES, JOBS, type JobDefinition, type JobName, type JobPayload } from './catalogue.ts'
import { JOBS_SCHEMA } from './enqueue.ts'

/** What does a job. It stops at the signal, by throwing; it is then run again, here or in another process. */
export type JobHandlers = {
  [Name in JobName]: (payload: JobPayload<Name>, signal: AbortSignal) => Promise<void>
}

export interface JobRunnerOptions {
  connectionString: string
  handlers: JobHandlers
  /** Told of jobs that failed, and of faults in between; a job that failed is tried again. */
  onFault: (error: unknown) => void
  /** How often it looks for jobs whose next try is due, and for a database that did not answer. */
  pollSeconds?: number
}

export interface JobRunner {
  /** Tells the running jobs to stop, and waits for them up to the limit. */
  stop(limitMs: number): Promise<void>
}

/** New jobs announce themselves, and those behind another are looked for at its end, so this is for next tries. */
const POLL_SECONDS = 5

/**
 * Runs background jobs in this process, until it is stopped. Where the database does not answer yet, it begins when
 * that does.
 */
export function startJobs(options: JobRunnerOptions): JobRunner {
  const stopping = new AbortController()
  const running = begin(options, stopping.signal)
  return {
    async stop(limitMs) {
      stopping.abort(new Error('The worker is stopping.'))
      const boss = await running
      await boss?.stop({ graceful: true, timeout: limitMs })
    },
  }
}

async function begin(options: JobRunnerOptions, stopping: AbortSignal): Promise<PgBoss | undefined> {
  while (!stopping.aborted) {
    const boss = await open(options)
    try {
      await boss.start()
      await schedule(boss)
      await bind(boss, options, stopping)
      return boss
    } catch (error) {
      options.onFault(error)
      await boss.stop({ graceful: false }).catch(() => {})
      await sleep((options.pollSeconds ?? POLL_SECONDS) * 1000, undefined, { signal: stopping }).catch(() => {})
    }
  }
  return undefined
}

async function open({ connectionString, onFault }: JobRunnerOptions): Promise<PgBoss> {
  const boss = new (await import('pg-boss')).PgBoss({
    connectionString,
    schema: JOBS_SCHEMA,
    // Its tables come from our own migrations.
    migrate: false,
    createSchema: false,
    max: 3,
    application_name: 'posthorn jobs',
    useListenNotify: true,
    registerInstance: false,
  })
  return boss.on('error', onFault)
}

async function schedule(boss: PgBoss): Promise<void> {
  for (const name of JOB_NAMES) {
    const { cron, key }: JobDefinition = JOBS[name]
    if (cron !== undefined) await boss.schedule(name, cron, {}, { tz: 'UTC', singletonKey: key({} as never) })
  }
}

async function bind(boss: PgBoss, options: JobRunnerOptions, stopping: AbortSignal): Promise<void> {
  const { handlers, onFault, pollSeconds = POLL_SECONDS } = options
  const polling = { pollingIntervalSeconds: pollSeconds, notifyPollingIntervalSeconds: pollSeconds }
  for (const name of JOB_NAMES) {
    // Safe because the catalogue gives each job its handler and its payload.
    const handle = handlers[name] as (payload: unknown, signal: AbortSignal) => Promise<void>
    const work = async ([job]: Job[]) => {
      if (job === undefined) return
      const signal = AbortSignal.any([job.signal, stopping])
      try {
        await handle(JOBS[name].payload.parse(job.data), signal)
      } catch (error) {
        if (!signal.aborted) onFault(error)
        throw error
      } finally {
        wake(boss, name)
      }
    }
    const { atOnce = 1, group }: JobDefinition = JOBS[name]
    const concurrency = {
      localConcurrency: atOnce,
      ...(group && { localGroupConcurrency: group.atOnce }),
    }
    await boss.work(name, { ...polling, ...concurrency }, work)
  }
}

/** Has those that do jobs of a name look for the next one, rather than wait until they would. */
function wake(boss: PgBoss, name: JobName): void {
  for (const worker of boss.getWipData()) if (worker.name === name) boss.notifyWorker(worker.id)
}
