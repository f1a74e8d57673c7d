import type { Endpoint, Stage } from './contender.ts'
import type { Program, Running } from './processes.ts'
import { freePort, waitForHttp } from './ports.ts'
import type { Run } from './run.ts'

/** What a contender on Postgres has to say about itself. */
export type PostgresRecipe = {
  name: string
  /** Tables, key and sender, made once in a database that then serves as the template. */
  prepare(databaseUrl: string): Promise<void>
  api(at: { databaseUrl: string; port: number }): Program
  worker(at: { databaseUrl: string }): Program
  endpoint(port: number): Endpoint
  /** A program that is everything in one. Left out: api, worker and the cluster are what stands idle. */
  startIdle?(): Promise<Running>
}

/** Every measurement gets a fresh copy of the prepared database. */
export async function postgresStage(run: Run, recipe: PostgresRecipe): Promise<Stage> {
  const { cluster, processes } = run
  const template = `${recipe.name}_template`
  const database = recipe.name
  await cluster.createDatabase(template)
  await recipe.prepare(cluster.url(template))
  let api: Running | undefined
  let worker: Running | undefined
  let whole: Running | undefined

  async function stopPrograms() {
    await Promise.all([api?.stop(), worker?.stop(), whole?.stop()])
    api = worker = whole = undefined
  }
  const stage: Stage = {
    database,
    failure: () => Promise.race([api, worker, whole].flatMap((running) => running?.failure ?? [])),
    async reset() {
      await stopPrograms()
      await cluster.dropDatabase(database)
      await cluster.createDatabase(database, template)
      await cluster.query('checkpoint')
    },
    async startApi() {
      const port = await freePort()
      api = await processes.start(recipe.api({ databaseUrl: cluster.url(database), port }))
      await waitForHttp(`http://127.0.0.1:${port}/health`, api.failure)
      return recipe.endpoint(port)
    },
    async startWorker() {
      worker = await processes.start(recipe.worker({ databaseUrl: cluster.url(database) }))
    },
    stop: stopPrograms,
    async startIdle() {
      whole = await recipe.startIdle?.()
      if (whole !== undefined) return [whole.pid]
      // Shared buffers count as used once touched, so the one before would be charged to this one.
      await cluster.restart()
      await stage.startApi()
      await stage.startWorker()
      return [api?.pid, worker?.pid, cluster.pid()].filter((pid) => pid !== undefined)
    },
    async dispose() {
      await stopPrograms()
      await cluster.dropDatabase(database)
      await cluster.dropDatabase(template)
    },
  }
  return stage
}
