import { connect, type Db } from '@posthorn/db'
import {
  authenticate,
  createProject,
  createRuntime,
  newId,
  systemActor,
  type Actor,
  type Context,
  type NewProject,
} from '@posthorn/services'
import { testDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { posthornHere } from './posthorn-here.ts'
import { answerOf, type Ran } from './posthorn-process.ts'

type Env = Record<string, string | undefined>

export interface Scene {
  db: Db
  settings: { DATABASE_URL: string; POSTHORN_SECRET: string }
  /** Runs a command on the database of the scene, at a terminal where something is typed. */
  posthorn(args: string[], env?: Env, typed?: string): Promise<Ran>
  /** What a command that must succeed answers with `--json`. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each command has an answer of its own
  json(args: string[], env?: Env): Promise<any>
  newProject(name?: string): Promise<NewProject>
  contextOf(projectId: string): Context
  actorOf(key: string): Promise<Actor>
  /** Takes away what a test has made. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** A database for the commands of one file of tests, and a look into it past the command line. */
export async function setScene(): Promise<Scene> {
  const database = await testDatabase()
  const { db, close } = connect(database.connectionString, { poolSize: 2 })
  const POSTHORN_SECRET = 'a secret of at least thirty-two characters'
  const runtime = createRuntime({ db, secret: POSTHORN_SECRET, captures: true })
  const settings = { DATABASE_URL: database.connectionString, POSTHORN_SECRET }
  const posthorn: Scene['posthorn'] = (args, env, typed) => posthornHere(args, { ...settings, ...env }, typed)
  return {
    db,
    settings,
    posthorn,
    json: async (args, env) => answerOf(await posthorn([...args, '--json'], env)),
    newProject: (name = 'Acme') => createProject(runtime, name),
    contextOf: (projectId) => ({ db, runtime, actor: systemActor(projectId), requestId: newId() }),
    actorOf: (key) => authenticate(runtime, { authorization: `Bearer ${key}`, ip: '192.0.2.1' }),
    async clear() {
      for (const table of ['outbox', 'emails', 'projects', 'auth.users'])
        await sql`delete from ${sql.table(table)}`.execute(db)
    },
    async close() {
      await runtime.close()
      await close()
      await database.drop()
    },
  }
}
