import type { JsonValue } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'

export type Facts = Record<string, JsonValue>

/** A job in the middle of its work, as a step finds it. */
export interface JobAtWork {
  projectId: string
  id: string
  /** What was asked for. */
  input: Facts
  /** What the step before left behind; empty in the beginning. */
  state: Facts
  done: number
  total: number | null
  /** What came of it so far; null in the beginning. */
  result: Facts | null
  /** How many rows a step may touch. */
  batchRows: number
  /** What the step before has made ready, where it was done by this process. */
  ahead?: unknown
}

/** How things stand after a step. */
export interface JobStep {
  state: Facts
  done: number
  total: number | null
  result: Facts
  /** Nothing is left to do. */
  isOver: boolean
  /** Made ready for the next step while this one waited for the database. It is not stored: the next may have to do without. */
  ahead?: unknown
}

/**
 * Does the next part of a job, in the transaction that also stores how far it then is: whatever is killed in between,
 * nothing is done twice and nothing is lost. A refusal ends the job with its words; any other error has the step tried
 * again.
 */
export type DoStep = (db: Db, job: JobAtWork) => Promise<JobStep>
