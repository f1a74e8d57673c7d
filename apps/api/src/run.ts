import { failToStart, runProcess } from '@posthorn/process'
import { checkStart } from '@posthorn/services'
import { bucketOf, providersOf } from '@posthorn/settings'
import { readEnv } from './env.ts'
import { startApi } from './start.ts'
import { uploadBudget } from './uploads.ts'

/** Runs the API as a process of its own, as its environment says. */
export async function run(): Promise<void> {
  try {
    const env = readEnv()
    await runProcess({
      app: 'api',
      logLevel: env.LOG_LEVEL,
      async start(log) {
        const warning = await checkStart({ databaseUrl: env.DATABASE_URL, secret: env.POSTHORN_SECRET })
        if (warning !== undefined) log.warn(warning)
        const api = await startApi({
          databaseUrl: env.DATABASE_URL,
          secret: env.POSTHORN_SECRET,
          port: env.PORT,
          host: env.HOST,
          captures: env.SMTP_URL === undefined,
          smtpUrls: env.SMTP_URL,
          trustedProxies: env.TRUSTED_PROXIES,
          publicUrl: env.PUBLIC_URL,
          signUps: env.SIGNUPS,
          providers: providersOf(env),
          bucket: bucketOf(env),
          rateLimits: env.RATE_LIMITS,
          uploads: uploadBudget({ megabytes: env.MAX_UPLOAD_MEMORY_MB }),
          log,
        })
        log.info({ host: env.HOST, port: api.port }, 'listening')
        return api
      },
    })
  } catch (error) {
    failToStart(error)
  }
}
