import { createAccounts, providerList, type Accounts, type Providers } from '@posthorn/accounts'
import { DASHBOARD_FOLDER } from '@posthorn/dashboard/built'
import { connect } from '@posthorn/db'
import { createRuntime, openApiLog, openChangeFeed, type BucketOptions, type RateLimits } from '@posthorn/services'
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
  /** The relays that mail goes to, for the owner of the instance who asks whether they can be reached. */
  smtpUrls?: readonly string[] | undefined
  trustedProxies?: string[] | undefined
  /** How people reach it. Unset: made of host and port. */
  publicUrl?: string | undefined
  signUps?: 'open' | 'invitation' | undefined
  providers?: Providers | undefined
  /** Where pictures are kept; left out, in the database. */
  bucket?: BucketOptions | undefined
  /** What the dashboard was built to, where it is not the one of this workspace. */
  dashboardFolder?: string | undefined
  patience?: Partial<Patience> | undefined
  /** How often things may be done; left out, as often as anybody wants. */
  rateLimits?: RateLimits | undefined
  /** How many bytes of request bodies are held at once. */
  uploads: UploadBudget
  log: Logger
}

export interface Api {
  port: number
  /** How people reach it. */
  url: string
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
    smtpUrls: options.smtpUrls,
    rateLimits: options.rateLimits,
    signUps: options.signUps ?? 'invitation',
    providers: providerList(options.providers ?? {}),
    bucket: options.bucket,
    onFault: (error) => log.error({ err: error }, 'fault'),
  })
  const apiLog = openApiLog({
    db: connection.db,
    onFault: (error) => log.warn({ err: error }, 'the log of requests could not be written'),
    onDrop: (count) => log.warn({ count }, 'requests are missing in the log of requests'),
  })
  const changes = openChangeFeed({
    openClient: connection.openClient,
    onFault: (error) => log.warn({ err: error }, 'changes cannot be told'),
  })
  let accounts: Accounts | undefined
  const makeApp = (port: number) => {
    runtime.publicUrl = options.publicUrl ?? `http://${shownHost(options.host)}:${port}`
    accounts = createAccounts({
      runtime,
      secret: options.secret,
      providers: options.providers,
      onFault: (error) => log.error({ err: error }, 'fault'),
    })
    const { trustedProxies, uploads, dashboardFolder = DASHBOARD_FOLDER } = options
    const { answerMs, idleMs } = patience
    return createApp({
      runtime,
      accounts,
      log,
      apiLog,
      changes,
      trustedProxies,
      answerMs,
      idleMs,
      uploads,
      dashboardFolder,
    })
  }
  try {
    const listening = await serve(makeApp, { port: options.port, host: options.host, patience, log })
    return {
      port: listening.port,
      url: runtime.publicUrl,
      async stop() {
        // Streams would hold the drain up to its deadline.
        await changes.close()
        await listening.drain(DRAIN_MS)
        await accounts?.close()
        await apiLog.close()
        await runtime.close()
        await connection.close()
      },
    }
  } catch (error) {
    await changes.close()
    await accounts?.close()
    await apiLog.close()
    await runtime.close()
    await connection.close()
    throw explainListenError(error, { port: options.port, setting: 'PORT' })
  }
}

/** An address to put into a URL: that of any interface is reached through the loopback one. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '127.0.0.1') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
