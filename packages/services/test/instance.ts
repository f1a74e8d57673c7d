import { SCOPES, type Noun, type Scope, type Verb, type WireInput } from '@posthorn/contracts'
import { connect, type Connection, type Db } from '@posthorn/db'
import { testDatabase } from '@posthorn/testkit/database'
import { onTestFinished } from 'vitest'
import { systemActor, type Context } from '../src/context.ts'
import { createProject } from '../src/instance.ts'
import { invoke, type Answer } from '../src/invoke.ts'
import { createRuntime, type Runtime, type RuntimeOptions } from '../src/runtime.ts'

export const SECRET = 'a master key of at least thirty-two characters'

type Call = <N extends Noun, V extends Verb<N>>(
  name: readonly [N, V],
  input: WireInput<N, V>,
  context?: Partial<Context>,
) => Promise<Answer<N, V>>

export interface TestProject {
  id: string
  secretKey: string
  publicKey: string
  /** Asks as the system, unless the context says otherwise. */
  call: Call
  context(change?: Partial<Context>): Context
}

export interface TestInstance {
  connectionString: string
  db: Db
  runtime: Runtime
  /** A fresh project, so that tests can share a database. */
  project(name?: string): Promise<TestProject>
  /** The same project, asked through another runtime, as another process would be. */
  through(runtime: Runtime, project: Pick<TestProject, 'id'>): Pick<TestProject, 'call' | 'context'>
  close(): Promise<void>
}

/** The services over a database of their own. */
export async function testInstance(options: Partial<RuntimeOptions> = {}): Promise<TestInstance> {
  const database = await testDatabase()
  const connection: Connection = connect(database.connectionString, { poolSize: 10 })
  const { db } = connection
  const runtime = createRuntime({ db, secret: SECRET, captures: true, ...options })

  const through = (runtime: Runtime, { id }: { id: string }) => {
    const context = (change: Partial<Context> = {}): Context => ({
      db,
      runtime,
      actor: systemActor(id),
      requestId: 'test',
      ...change,
    })
    return {
      context,
      call: ((name, input, change) => invoke(context(change), name, input)) as Call,
    }
  }

  return {
    connectionString: database.connectionString,
    db,
    runtime,
    through,
    async project(name = 'Test') {
      const { project, secretKey, publicKey } = await createProject(runtime, name)
      return { id: project.id, secretKey, publicKey, ...through(runtime, project) }
    },
    async close() {
      await runtime.close()
      await connection.close()
      await database.drop()
    },
  }
}

/** Somebody with a key of these scopes. */
export function keyActor(projectId: string, scopes: readonly Scope[] = SCOPES) {
  const keyId = '00000000-0000-7000-8000-000000000001'
  const sender = {
    projectId,
    defaultSender: { email: 'hello@test.example', name: 'Test' },
    domains: [] as string[],
    language: 'en',
    timeZone: 'UTC',
    projectName: 'Test',
    postalAddress: null,
    doubleOptIn: false,
  }
  return {
    kind: 'key',
    projectId,
    keyId,
    keyKind: 'secret',
    keyName: 'Test key',
    scopes: new Set(scopes),
    sender,
    browserFields: [] as string[],
  } as const
}

/** A further connection that ends with the test. */
export function anotherConnection({ connectionString }: TestInstance, poolSize = 2): Db {
  const { db, close } = connect(connectionString, { poolSize })
  onTestFinished(close)
  return db
}
