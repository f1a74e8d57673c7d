import { readSettings, SETTINGS } from '@posthorn/settings'

export type Env = ReturnType<typeof readEnv>

/** What the command line reads. Nothing is required: without DATABASE_URL it works on the standalone's data folder. */
export const readEnv = (env: NodeJS.ProcessEnv) =>
  readSettings(env, {
    DATABASE_URL: SETTINGS.DATABASE_URL,
    POSTHORN_DATA_DIR: SETTINGS.POSTHORN_DATA_DIR,
    POSTHORN_SECRET: SETTINGS.POSTHORN_SECRET,
    SMTP_URL: SETTINGS.SMTP_URL,
    PUBLIC_URL: SETTINGS.PUBLIC_URL,
    PORT: SETTINGS.PORT,
    LOG_LEVEL: SETTINGS.LOG_LEVEL,
  })
