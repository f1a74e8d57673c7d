import { startApi } from '@posthorn/api/start'
import { uploadBudget } from '@posthorn/api/uploads'
import type { Logger, Running } from '@posthorn/process'
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
  const { connectionString: databaseUrl, secret } = database

  const keys = await firstProjectKeys({ databaseUrl, secret, captures })
  const worker = await startWorker({
    databaseUrl,
    smtpUrls: env.SMTP_URL,
    retryLifeHours: env.RETRY_LIFE_HOURS,
    inboxPort: env.INBOX_SMTP_PORT,
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
    trustedProxies: env.TRUSTED_PROXIES,
    uploads: uploadBudget({ megabytes: env.MAX_UPLOAD_MEMORY_MB }),
    log: log.child({ part: 'api' }),
  })
  opened.defer(() => api.stop())

  const url = env.PUBLIC_URL ?? `http://${shownHost(env.HOST)}:${api.port}`
  print(greeting({ url, keys, inboxPort: worker.inboxPort, notes: database.notes }))
  opened.move()
  return {
    async stop() {
      // At the same time, so that one that takes its time does not use up the other's.
      await Promise.all([api.stop(), worker.stop()])
      await database.stop()
    },
  }
}

/** An address to put into a URL: that of any interface is reached through the loopback one. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '127.0.0.1') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
