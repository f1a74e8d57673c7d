import type { WireInput, WireOutput } from '@posthorn/contracts'
import { connect, type Db } from '@posthorn/db'
import {
  createProject,
  createRuntime,
  invoke,
  newId,
  systemActor,
  type NewProject,
  type Runtime,
} from '@posthorn/services'
import { testDatabase } from '@posthorn/testkit/database'
import { newProject } from '@posthorn/testkit/project'
import { pino } from 'pino'
import { startApi, type ApiOptions } from '../src/start.ts'
import { uploadBudget } from '../src/uploads.ts'

/** The master key of every test, so that several processes can share a database. */
export const SECRET = 'a secret of at least thirty-two characters'

export interface TestApi {
  url: string
  port: number
  databaseUrl: string
  /** For setting the scene and looking behind it; the API has its own. */
  db: Db
  runtime: Runtime
  /** What it logged, line by line. */
  lines: string[]
  newProject(): Promise<NewProject>
  /** Made by the operator, who may grant everything. */
  newKey(projectId: string, wanted?: Partial<WireInput<'keys', 'create'>>): Promise<WireOutput<'keys', 'create'>>
  /** Fails when a key was logged. */
  stop(): Promise<void>
}

/** Credentials, or headers with some. */
const LOGGED_KEY = /[sp]k_ph_\w{20}|"authorization"/i

/** The API, listening on a free port, over a database of its own unless one is given. */
export async function startTestApi(options: Partial<ApiOptions> = {}): Promise<TestApi> {
  const database = options.databaseUrl === undefined ? await testDatabase() : undefined
  const databaseUrl = options.databaseUrl ?? database?.connectionString ?? ''
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })
  const api = await startApi({
    databaseUrl,
    secret: SECRET,
    port: 0,
    host: '127.0.0.1',
    captures: true,
    uploads: uploadBudget({ megabytes: 128 }),
    log,
    ...options,
  })
  const connection = connect(databaseUrl, { poolSize: 3 })
  const { db } = connection
  const runtime = createRuntime({ db, secret: SECRET, captures: options.captures ?? true })
  return {
    url: `http://127.0.0.1:${api.port}`,
    port: api.port,
    databaseUrl,
    db,
    runtime,
    lines,
    newProject: () => newProject(runtime, createProject),
    newKey(projectId, wanted) {
      const operator = { db, runtime, actor: systemActor(projectId), requestId: newId() }
      return invoke(operator, ['keys', 'create'], { name: 'Test', ...wanted })
    },
    async stop() {
      await api.stop()
      await runtime.close()
      await connection.close()
      await database?.drop()
      const leak = lines.find((line) => LOGGED_KEY.test(line))
      if (leak !== undefined) throw new Error(`A key was logged: ${leak}`)
    },
  }
}
