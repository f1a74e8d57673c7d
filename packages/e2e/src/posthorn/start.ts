import { startApi, type ApiOptions } from '@posthorn/api/start'
import { uploadBudget } from '@posthorn/api/uploads'
import { connect, type Db } from '@posthorn/db'
import { createRuntime, linkTo, newSetUpToken, type Runtime } from '@posthorn/services'
import { testDatabase } from '@posthorn/testkit/database'
import { startWorker } from '@posthorn/worker/start'
import { pino } from 'pino'

const SECRET = 'a secret of at least thirty-two characters'

/** API, worker and built-in inbox, as the standalone runs them, over a database of their own. */
export interface Posthorn {
  /** How browsers reach it. */
  url: string
  databaseUrl: string
  /** For setting the scene and looking behind it; API and worker have their own. */
  db: Db
  runtime: Runtime
  /** The link that makes the first account. */
  setUpLink(): Promise<string>
  /** Fails when something in it went wrong unnoticed. */
  stop(): Promise<void>
}

interface PosthornOptions {
  /** Left out, a free one. */
  port?: number
  /** Without it nothing is delivered, and nothing but the API asks the database. */
  hasWorker?: boolean
  /** Where else one can sign in. */
  providers?: ApiOptions['providers']
}

/** Where the last one of this process was: a browser knows what it has loaded by the address. */
let lastPort = 0

export async function startPosthorn(options: PosthornOptions = {}): Promise<Posthorn> {
  await using opened = new AsyncDisposableStack()
  const { connectionString: databaseUrl } = opened.use(await testDatabase())
  const faults: string[] = []
  const log = pino({ level: 'error' }, { write: (line) => void faults.push(line) })
  if (options.hasWorker !== false) {
    const inbox = { smtpUrls: undefined, inboxPort: 0, sharesInbox: false }
    const worker = await startWorker({ databaseUrl, ...inbox, retryLifeHours: 72, log })
    opened.defer(() => worker.stop())
  }
  const uploads = uploadBudget({ megabytes: 128 })
  const startAt = (port: number) =>
    startApi({
      databaseUrl,
      secret: SECRET,
      port,
      host: '127.0.0.1',
      captures: true,
      uploads,
      providers: options.providers,
      log,
    })
  const api = await startAt(options.port ?? lastPort).catch((error: unknown) => {
    if (options.port !== undefined) throw error
    // Somebody else has it meanwhile.
    return startAt(0)
  })
  lastPort = api.port
  opened.defer(() => api.stop())
  const connection = connect(databaseUrl, { poolSize: 2, applicationName: 'posthorn e2e' })
  opened.defer(() => connection.close())
  const { db } = connection
  const runtime = createRuntime({ db, secret: SECRET, captures: true })
  opened.defer(() => runtime.close())
  const running = opened.move()
  return {
    url: api.url,
    databaseUrl,
    db,
    runtime,
    async setUpLink() {
      const token = await newSetUpToken(db)
      if (token === undefined) throw new Error('It is set up already.')
      return linkTo(api.url, 'setup', token)
    },
    async stop() {
      // Not what comes after it: a call whose page was closed may still be under way.
      const noticed = faults.join('')
      await running.disposeAsync()
      if (noticed !== '') throw new Error(`Posthorn logged errors:\n${noticed}`)
    },
  }
}
