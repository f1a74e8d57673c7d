import { connect, type Connection } from '@posthorn/db'
import { startJobs } from '@posthorn/jobs'
import type { Logger } from '@posthorn/process'
import { openBucket, type BucketOptions } from '@posthorn/services'
import { createRelays, startDelivery } from '@posthorn/sending'
import { openInbox, type OpenInbox } from './inbox.ts'
import { jobHandlers } from './jobs.ts'
import { startMaintenance } from './maintenance.ts'

export interface WorkerOptions {
  databaseUrl: string
  /** The relays; undefined: mail goes to the built-in inbox. */
  smtpUrls: string[] | undefined
  /** Where pictures are kept; left out, in the database. */
  bucket?: BucketOptions | undefined
  /** How long a mail that cannot be delivered is tried again. */
  retryLifeHours: number
  inboxPort: number
  /** Whether another worker of this machine may serve the inbox. */
  sharesInbox: boolean
  /** How many days the log of API requests is kept. */
  apiLogDays?: number | undefined
  log: Logger
}

export interface Worker {
  /** Where the built-in inbox listens, if mail goes there. */
  inboxPort: number | undefined
  stop(): Promise<void>
}

const API_LOG_DAYS = 7
const DRAIN_MS = 7_000
/** The inbox greets slowly and keeps connections for five minutes, so they are kept for nearly as long. */
const INBOX_IDLE_SECONDS = 240

/** Starts the worker in this process: it delivers what is queued, does the background jobs, and keeps the tables tidy. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { log } = options
  const onFault = (error: unknown) => log.error({ err: error }, 'fault')
  const connection = connect(options.databaseUrl, { applicationName: 'posthorn worker', onIdleError: onFault })
  const { db } = connection
  let inbox: OpenInbox | undefined
  try {
    if (options.smtpUrls === undefined) {
      inbox = await openInbox({ db, port: options.inboxPort, isShared: options.sharesInbox, onFault })
    }
    const relays = createRelays(options.smtpUrls ?? [`smtp://127.0.0.1:${inbox?.port}?idle=${INBOX_IDLE_SECONDS}`])
    const listen = () => listeningClient(connection)
    const delivery = startDelivery({
      db,
      relays,
      captures: options.smtpUrls === undefined,
      lifeSeconds: options.retryLifeHours * 3600,
      listen,
      onFault,
    })
    const maintenance = startMaintenance(db, {
      apiLogDays: options.apiLogDays ?? API_LOG_DAYS,
      bucket: options.bucket && openBucket(options.bucket),
      onFault,
    })
    const jobs = startJobs({ connectionString: options.databaseUrl, handlers: jobHandlers(db), onFault })
    return {
      inboxPort: inbox?.port,
      async stop() {
        await Promise.all([delivery.stop(DRAIN_MS), maintenance.stop(), jobs.stop(DRAIN_MS)])
        await inbox?.close()
        await connection.close()
      },
    }
  } catch (error) {
    await inbox?.close()
    await connection.close()
    throw error
  }
}

/** A connection outside the pool, since the pool's are handed around and LISTEN belongs to one. */
async function listeningClient({ openClient }: Connection) {
  const client = openClient()
  await client.connect()
  return client
}
