/** Where a contender accepts mail. Plain data: it crosses to the load generator's process. */
export type Endpoint = {
  port: number
  path: string
  authorization: string
  batch?: { path: string; before: string; after: string }
  /** Where it takes events; absent where it takes none. */
  trackPath?: string
  /** Where it lists contacts; absent where it keeps none. */
  contactsPath?: string
  /** Where it takes files of contacts; absent where it takes none. */
  importsPath?: string
}

/** A contender with an empty store, a key and a sender; every measurement starts from `reset`. */
export type Stage = {
  /** Stops what runs and puts the empty store back. */
  reset(): Promise<void>
  startApi(): Promise<Endpoint>
  startWorker(): Promise<void>
  /** Stops what runs and keeps the store. */
  stop(): Promise<void>
  /** Rejects when a started program ends by itself. */
  failure(): Promise<never>
  /** The database whose statements are counted; absent where the store is not Postgres. */
  database?: string
  /** Starts everything as it stands idle in production and returns the roots of its process trees. */
  startIdle(): Promise<number[]>
  dispose(): Promise<void>
}

export type Contender = {
  name: ContenderName
  title: string
  prepare(): Promise<Stage>
}

export const contenderNames = ['posthorn', 'careful', 'bullmq'] as const
export type ContenderName = (typeof contenderNames)[number]

/** A contender that cannot take part on this machine, with the sentence that the report shows. */
export class Absent extends Error {
  override name = 'Absent'
}
