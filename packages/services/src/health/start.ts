import { connect } from '@posthorn/db'
import { DatabaseDeniedError, isDenied } from '../errors.ts'
import { checkSecret } from './secret.ts'

const PATIENCE_MS = 5_000

/**
 * What an operator should hear before a process that runs on its own goes on: that its master key does not open the
 * keys of the database. Undefined also where the database is away or not migrated yet, which no start waits for.
 * Throws `DatabaseDeniedError` where the database does not let us in.
 */
export async function checkStart({
  databaseUrl,
  secret,
}: {
  databaseUrl: string
  secret: string
}): Promise<string | undefined> {
  const { db, close } = connect(databaseUrl, {
    poolSize: 1,
    statementTimeoutMs: PATIENCE_MS,
    applicationName: 'posthorn start',
  })
  try {
    const { status, message, advice } = await checkSecret(db, secret)
    return status === 'ok' ? undefined : [message, advice].join(' ')
  } catch (error) {
    if (error instanceof Error && isDenied(error)) throw new DatabaseDeniedError(error)
    return undefined
  } finally {
    await close()
  }
}
