import { startApi } from '@posthorn/api/start'
import { uploadBudget } from '@posthorn/api/uploads'
import { connect } from '@posthorn/db'
import type { Logger, Running } from '@posthorn/process'
import { linkTo, newSetUpToken } from '@posthorn/services'
import { bucketOf, providersOf } from '@posthorn/settings'
import { startWorker } from '@posthorn/worker/start'
import { openDatabase } from './database.ts'
import type { Env } from './env.ts'
import { firstProjectKeys } from './first-project.ts'
import { greeting } from './greeting.ts'

/** Starts everything in one process: PostgreSQL, API, worker and inbox; then greets the operator. */
export async function startStandalone(
  env: Env,
  { log, print }: { log: Logger; print: (text: string) => void },
): Promise<Running> {
  await using opened = new AsyncDisposableStack()
  const database = await openDatabase(env)
  opened.defer(() => database.stop())
  const captures = env.SMTP_URL === undefined
  const bucket = bucketOf(env)
  const { connectionString: databaseUrl, secret } = database

  const keys = await firstProjectKeys({ databaseUrl, secret, captures })
  const worker = await startWorker({
    databaseUrl,
    smtpUrls: env.SMTP_URL,
    bucket,
    retryLifeHours: env.RETRY_LIFE_HOURS,
    inboxPort: env.INBOX_SMTP_PORT,
    apiLogDays: env.API_LOG_DAYS,
    sharesInbox: false,
    log: log.child({ part: 'worker' }),
  })
  opened.defer(() => worker.stop())
  const api = await startApi({
    databaseUrl,
    secret,
    port: env.PORT,
    host: env.HOST,
    captures,
    smtpUrls: env.SMTP_URL,
    trustedProxies: env.TRUSTED_PROXIES,
    publicUrl: env.PUBLIC_URL,
    signUps: env.SIGNUPS,
    providers: providersOf(env),
    bucket,
    rateLimits: env.RATE_LIMITS,
    uploads: uploadBudget({ megabytes: env.MAX_UPLOAD_MEMORY_MB }),
    log: log.child({ part: 'api' }),
  })
  opened.defer(() => api.stop())

  const setUpUrl = await setUpLink(databaseUrl, api.url)
  print(greeting({ url: api.url, setUpUrl, keys, inboxPort: worker.inboxPort, notes: database.notes }))
  opened.move()
  return {
    async stop() {
      // At the same time, so that one that takes its time does not use up the other's.
      await Promise.all([api.stop(), worker.stop()])
      await database.stop()
    },
  }
}

/** The link that makes the first account, while there is none; each start gives out a new one. */
async function setUpLink(databaseUrl: string, publicUrl: string): Promise<string | undefined> {
  const { db, close } = connect(databaseUrl, { poolSize: 1, applicationName: 'posthorn start' })
  try {
    const token = await newSetUpToken(db)
    return token === undefined ? undefined : linkTo(publicUrl, 'setup', token)
  } finally {
    await close()
  }
}
