import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import type { Db } from '@posthorn/db'
import type { BetterAuthOptions } from 'better-auth'
import { kyselyAdapter } from '@better-auth/kysely-adapter'
import { AUTH_SCHEMA } from './schema.ts'

type Adapter = ReturnType<ReturnType<typeof kyselyAdapter>>
type Where = NonNullable<Parameters<Adapter['findMany']>[0]['where']>

const transactions = new AsyncLocalStorage<Db>()

/** What is kept of a session’s token. */
export const hashSessionToken = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** The transaction that the account library is in, for what has to happen together with it; else the pool. */
export const currentDb = (db: Db): Db => transactions.getStore() ?? db

/** Where better-auth keeps things: our own connections, with no session token among what is stored. */
export function authStorage(db: Db): (options: BetterAuthOptions) => Adapter {
  const open = (on: Db, options: BetterAuthOptions) =>
    hidingTokens(kyselyAdapter(on.withSchema(AUTH_SCHEMA), { type: 'postgres' })(options))
  return (options) => ({
    ...open(db, options),
    transaction: (work) => db.transaction().execute((trx) => transactions.run(trx, () => work(open(trx, options)))),
  })
}

interface Query {
  model: string
  where?: Where | undefined
}

/** Hashes the token on its way in. A row that was asked for by its token carries it on its way out, others none. */
function hidingTokens(inner: Adapter): Adapter {
  const tokenOf = ({ model, where }: Query) =>
    model === 'session' ? where?.find(({ field }) => field === 'token')?.value : undefined
  const hidden = <Q extends Query>(query: Q): Q => {
    if (tokenOf(query) === undefined) return query
    const where = query.where?.map((clause) =>
      clause.field === 'token' ? { ...clause, value: hashed(clause.value) } : clause,
    )
    return { ...query, where }
  }
  const shown = <Row>(row: Row, query: Query): Row =>
    query.model === 'session' && typeof row === 'object' && row !== null && 'token' in row
      ? { ...row, token: tokenOf(query) ?? '' }
      : row
  return {
    ...inner,
    async create(query) {
      if (query.model !== 'session') return inner.create(query)
      const { token } = query.data as { token?: unknown }
      const row = await inner.create({ ...query, data: { ...query.data, token: hashed(token) } as never })
      return { ...row, token } as never // Safe because the row is the one that was handed in.
    },
    findOne: async (query) => shown(await inner.findOne(hidden(query)), query) as never,
    findMany: async (query) => (await inner.findMany(hidden(query))).map((row) => shown(row, query)) as never,
    count: (query) => inner.count(hidden(query)),
    update: async (query) => shown(await inner.update(hidden(query)), query) as never,
    updateMany: (query) => inner.updateMany(hidden(query)),
    delete: (query) => inner.delete(hidden(query)),
    deleteMany: (query) => inner.deleteMany(hidden(query)),
    consumeOne: async (query) => shown(await inner.consumeOne(hidden(query)), query) as never,
    incrementOne: async (query) => shown(await inner.incrementOne(hidden(query)), query) as never,
  }
}

function hashed(token: unknown): string {
  if (typeof token !== 'string') throw new Error('a session is looked up by one token')
  return hashSessionToken(token)
}
