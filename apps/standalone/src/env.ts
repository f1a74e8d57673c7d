import { readSettings, SETTINGS } from '@posthorn/settings'

/** What the standalone reads: everything, and nothing has to be set. */
export const readEnv = (env: NodeJS.ProcessEnv = process.env) => readSettings(env, SETTINGS)

export type Env = ReturnType<typeof readEnv>
