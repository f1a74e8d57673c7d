import { BUCKET_SETTINGS, readSettings, required, SETTINGS } from '@posthorn/settings'

/** What the worker reads when it runs on its own. */
export const readEnv = (env: NodeJS.ProcessEnv = process.env) =>
  readSettings(env, {
    DATABASE_URL: required(SETTINGS.DATABASE_URL),
    SMTP_URL: SETTINGS.SMTP_URL,
    ...BUCKET_SETTINGS,
    RETRY_LIFE_HOURS: SETTINGS.RETRY_LIFE_HOURS,
    INBOX_SMTP_PORT: SETTINGS.INBOX_SMTP_PORT,
    API_LOG_DAYS: SETTINGS.API_LOG_DAYS,
    POSTHORN_SECRET: required(SETTINGS.POSTHORN_SECRET),
    LOG_LEVEL: SETTINGS.LOG_LEVEL,
  })
