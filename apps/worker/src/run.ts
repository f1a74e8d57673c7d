import { failToStart, runProcess } from '@posthorn/process'
import { checkStart } from '@posthorn/services'
import { bucketOf } from '@posthorn/settings'
import { readEnv } from './env.ts'
import { startWorker } from './start.ts'

/** Runs the worker as a process of its own, as its environment says. */
export async function run(): Promise<void> {
  try {
    const env = readEnv()
    await runProcess({
      app: 'worker',
      logLevel: env.LOG_LEVEL,
      async start(log) {
        const warning = await checkStart({ databaseUrl: env.DATABASE_URL, secret: env.POSTHORN_SECRET })
        if (warning !== undefined) log.warn(warning)
        const worker = await startWorker({
          databaseUrl: env.DATABASE_URL,
          smtpUrls: env.SMTP_URL,
          bucket: bucketOf(env),
          retryLifeHours: env.RETRY_LIFE_HOURS,
          inboxPort: env.INBOX_SMTP_PORT,
          apiLogDays: env.API_LOG_DAYS,
          sharesInbox: true,
          log,
        })
        log.info({ inboxPort: worker.inboxPort }, 'delivering')
        return worker
      },
    })
  } catch (error) {
    failToStart(error)
  }
}
