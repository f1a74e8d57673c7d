import { PROVIDER_SETTINGS, readSettings, required, SETTINGS } from '@posthorn/settings'

/** What the API reads when it runs on its own. */
export const readEnv = (env: NodeJS.ProcessEnv = process.env) =>
  readSettings(env, {
    PORT: SETTINGS.PORT,
    HOST: SETTINGS.HOST,
    PUBLIC_URL: SETTINGS.PUBLIC_URL,
    SIGNUPS: SETTINGS.SIGNUPS,
    ...PROVIDER_SETTINGS,
    TRUSTED_PROXIES: SETTINGS.TRUSTED_PROXIES,
    MAX_UPLOAD_MEMORY_MB: SETTINGS.MAX_UPLOAD_MEMORY_MB,
    DATABASE_URL: required(SETTINGS.DATABASE_URL),
    SMTP_URL: SETTINGS.SMTP_URL,
    POSTHORN_SECRET: required(SETTINGS.POSTHORN_SECRET),
    LOG_LEVEL: SETTINGS.LOG_LEVEL,
  })
