import { connect } from '@posthorn/db'
import { createRuntime } from '@posthorn/services'
import { explainListenError, type Logger } from '@posthorn/process'
import { createApp } from './app.ts'
import { PATIENCE, serve, type Patience } from './serve.ts'
import type { UploadBudget } from './uploads.ts'

export interface ApiOptions {
  databaseUrl: string
  secret: string
  port: number
  host: string
  /** True while mail goes to the built-in inbox. */
  captures: boolean
  trustedProxies?: string[] | undefined
  patience?: Partial<Patience> | undefined
  /** How many bytes of request bodies are held at once. */
  uploads: UploadBudget
  log: Logger
}

export interface Api {
  port: number
  stop(): Promise<void>
}

const DRAIN_MS = 8_000

/** Starts the API in this process. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { log } = options
  const patience = { ...PATIENCE, ...options.patience }
  const connection = connect(options.databaseUrl, {
    // Nobody waits longer for what it answers.
    statementTimeoutMs: patience.answerMs,
    applicationName: 'posthorn api',
    onIdleError: (error) => log.warn({ err: error }, 'a database connection broke'),
  })
  const runtime = createRuntime({
    db: connection.db,
    secret: options.secret,
    captures: options.captures,
    onFault: (error) => log.error({ err: error }, 'fault'),
  })
  const { trustedProxies, uploads } = options
  const app = createApp({ runtime, log, trustedProxies, answerMs: patience.answerMs, uploads })
  try {
    const listening = await serve(app, { port: options.port, host: options.host, patience, log })
    return {
      port: listening.port,
      async stop() {
        await listening.drain(DRAIN_MS)
        await runtime.close()
        await connection.close()
      },
    }
  } catch (error) {
    await runtime.close()
    await connection.close()
    throw explainListenError(error, { port: options.port, setting: 'PORT' })
  }
}
