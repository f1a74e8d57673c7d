import { pendingMigrations } from '@posthorn/db'
import { ApiError, type Runtime } from '@posthorn/services'
import type { RequestHandler } from 'express'
import { headersOf, refusal } from './answers.ts'
import { inTime, recordOf } from './requests.ts'

interface Checks {
  database: 'ok' | 'unreachable'
  migrations: 'ok' | 'pending' | 'unknown'
}

/** Ready once the database answers and has every table that this version needs. */
export function readiness({ db }: Runtime, answerMs: number): RequestHandler {
  return async (_req, res) => {
    const checks = await inTime(answerMs, pendingMigrations(db)).then(
      (pending): Checks => ({ database: 'ok', migrations: pending.length > 0 ? 'pending' : 'ok' }),
      (): Checks => ({ database: 'unreachable', migrations: 'unknown' }),
    )
    const problem = problemOf(checks)
    if (problem === undefined) {
      res.json({ status: 'ready', checks })
      return
    }
    const record = recordOf(res)
    record.code = problem.code
    res
      .status(problem.status)
      .set(headersOf(problem.status))
      .json({ ...refusal(problem, record.requestId), status: 'not ready', reason: problem.message, checks })
  }
}

function problemOf({ database, migrations }: Checks): ApiError | undefined {
  if (database !== 'ok') return new ApiError('SERVICE_UNAVAILABLE', 'The database cannot be reached.')
  if (migrations === 'ok') return undefined
  return new ApiError('MIGRATIONS_PENDING', 'Migrations are pending; run: pnpm posthorn migrate')
}
