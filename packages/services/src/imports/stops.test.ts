import type { Db } from '@posthorn/db'
import { sql, type KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importFile, MAPPED, MIXED, people, problemsOf, run, startImport } from '../../test/import.ts'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { runProjectJob } from '../project-jobs/run.ts'
import { forgetImports } from './forget.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())
beforeEach(async () => {
  project = await instance.project()
})

const signal = new AbortController().signal
const add = (email: string, rest: object = {}, of = project) => of.call(['contacts', 'upsert'], { email, ...rest })
const piecesLeft = async () =>
  (await sql`select from import_pieces where project_id = ${project.id}`.execute(instance.db)).rows.length

describe('whatever is stopped', () => {
  const LONG = `email,n\n${Array.from({ length: 12_000 }, (_, at) => `${at % 7 === 3 ? 'bad' : `p${at % 9000}@example.com`},${at}`).join('\n')}\n`

  async function endOf(of: TestProject, { id }: { id: string }) {
    const { counts, problems, status } = await of.call(['imports', 'get'], { id })
    return { counts, problems, status, report: await problemsOf(of, { id }), people: await people(instance, of) }
  }

  test('between two pieces goes on where it was, and comes to the same end', async () => {
    const straight = await instance.project()
    const whole = await endOf(straight, await importFile(instance, straight, LONG))
    expect(whole.counts).toMatchObject({ rows: 12_000 })

    const begun = await startImport(project, LONG)
    const which = { projectId: project.id, jobId: begun.jobId! }
    const pieces: number[] = []
    for (;;) {
      const stop = new AbortController()
      const stopping = new Proxy(stop.signal, {
        get: (target, name) => {
          if (name !== 'throwIfAborted') return Reflect.get(target, name)
          return () =>
            pieces.at(-1) === -1
              ? (pieces.push(0), stop.abort(new Error('stop')), target.throwIfAborted())
              : pieces.push(-1)
        },
      })
      const error = await runProjectJob(instance.db, which, { signal: stopping }).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (error === undefined) break
    }
    expect(pieces.length).toBeGreaterThan(3)
    expect(await endOf(project, begun)).toEqual(whole)
  })

  test('in the middle of any statement is as if it had not begun, and comes to the same end', async () => {
    await add('ada@example.com', { subscribed: false })
    const straight = await instance.project()
    await add('ada@example.com', { subscribed: false }, straight)
    const whole = await endOf(straight, await importFile(instance, straight, MIXED, MAPPED))
    let failures = 0
    for (let at = 1; ; at += 1) {
      const of = await instance.project()
      await add('ada@example.com', { subscribed: false }, of)
      const begun = await startImport(of, MIXED, MAPPED)
      const which = { projectId: of.id, jobId: begun.jobId! }
      const hasFailed = await runProjectJob(failingAt(instance.db, at), which, { signal }).then(
        () => false,
        () => true,
      )
      if (!hasFailed) break
      failures += 1
      await runProjectJob(instance.db, which, { signal })
      expect(await endOf(of, begun)).toEqual(whole)
    }
    expect(failures).toBeGreaterThan(6)
  })

  test('by its owner stays as far as it was, and what is left of the file goes', async () => {
    const begun = await startImport(project, LONG)
    const stop = new AbortController()
    const once = {
      throwIfAborted: () => (stop.signal.aborted ? stop.signal.throwIfAborted() : stop.abort(new Error('stop'))),
    } as AbortSignal
    await expect(
      runProjectJob(instance.db, { projectId: project.id, jobId: begun.jobId! }, { signal: once }),
    ).rejects.toThrow('stop')
    await project.call(['jobs', 'cancel'], { id: begun.jobId! })
    await run(instance.db, project, begun)
    expect(await project.call(['imports', 'get'], { id: begun.id })).toMatchObject({
      status: 'cancelled',
      counts: { rows: 5_000 },
    })
    expect(await piecesLeft()).toBe(2)
    await forgetImports(instance.db, signal)
    expect(await piecesLeft()).toBe(0)
  })
})

/** The same database, in which one statement fails, the first, second and so on. */
function failingAt(db: Db, at: number): Db {
  let count = 0
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      count += 1
      if (count === at) throw new Error('killed')
      return node
    },
    transformResult: async ({ result }) => result,
  }
  return db.withPlugin(plugin)
}
