import { GRANTABLE_SCOPES, KEY_SCOPES, OVERLAPS, type KeyKind, type Scope } from '@posthorn/contracts'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { audit } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction, type Context } from '../context.ts'
import { pageOf, readCursor } from '../cursor.ts'
import { ApiError, fieldRefusal } from '../errors.ts'
import type { Handlers } from '../handlers.ts'
import { requireNotOwn } from '../people/own-project.ts'
import { KEY_GOOD_FOR_MS } from './authenticate.ts'
import { tellOfNewKey } from './tell.ts'
import { insertKey, keyOf, present, scopesOf, selectKeys } from './store.ts'

export const keys: Handlers<'keys'> = {
  async list({ db, actor }, { limit, cursor }) {
    const before = readCursor(cursor)
    const rows = await selectKeys(db, actor.projectId)
      .$if(before !== undefined, (query) => query.where('id', '<', before as string))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, present)
  },

  create: (ctx, { name, kind, scopes, expiresAt, allowedIps = [] }) =>
    inTransaction(ctx, async (ctx) => {
      await requireNotOwn(ctx.db, ctx.actor.projectId, 'The project of Posthorn’s own mail has no keys.')
      requireGrantable(ctx, kind, scopes ?? KEY_SCOPES[kind])
      if (expiresAt !== undefined && expiresAt.getTime() <= Date.now())
        throw fieldRefusal('expiresAt', 'This time has passed.')
      const { id, key } = await insertKey(ctx.db, ctx.runtime.secrets, {
        projectId: ctx.actor.projectId,
        kind,
        name,
        scopes: scopes ?? null,
        allowedIps,
        expiresAt: expiresAt ?? null,
      })
      const row = await getKey(ctx, id)
      await audit(ctx, { action: 'key.created', target: id, detail: { hint: row.hint, name, scopes: row.scopes } })
      await announce(ctx.db, ctx.actor.projectId, 'keys')
      return { ...present(row), key }
    }),

  async regenerate(ctx, { id, overlap }) {
    const answer = await inTransaction(ctx, async (ctx) => {
      const old = await requireActive(ctx, id)
      requireGrantable(ctx, old.kind, scopesOf(old))
      // At most one predecessor lives on: a key that is itself in an overlap ends now.
      const ended = await endKeys(ctx, 'replaced_by', id)
      const made = await insertKey(ctx.db, ctx.runtime.secrets, {
        projectId: ctx.actor.projectId,
        kind: old.kind,
        name: old.name,
        scopes: old.scopes === null ? null : [...scopesOf(old)],
        allowedIps: old.allowed_ips,
        expiresAt: old.expires_at,
      })
      const seconds = OVERLAPS[overlap]
      await ctx.db
        .updateTable('api_keys')
        .set({
          replaced_by: made.id,
          ...(seconds === 0
            ? { revoked_at: sql<Date>`now()` }
            : { expires_at: sql<Date>`least(expires_at, now() + make_interval(secs => ${seconds}))` }),
        })
        .where('project_id', '=', ctx.actor.projectId)
        .where('id', '=', id)
        .execute()
      const row = await getKey(ctx, made.id)
      await audit(ctx, {
        action: 'key.regenerated',
        target: id,
        detail: { overlap, hint: row.hint, successor: made.id, ended },
      })
      await tellOfNewKey(ctx, { name: row.name, hint: old.hint, overlap })
      await announce(ctx.db, ctx.actor.projectId, 'keys')
      return { key: { ...present(row), key: made.key }, replaced: present(await getKey(ctx, id)) }
    })
    await lastUsesAnswered(ctx)
    return answer
  },

  reveal: (ctx, { id }) =>
    inTransaction(ctx, async (ctx) => {
      const row = await getKey(ctx, id)
      requireGrantable(ctx, row.kind, scopesOf(row))
      await audit(ctx, { action: 'key.revealed', target: id, detail: { hint: row.hint } })
      return { ...present(row), key: keyOf(row, ctx.runtime.secrets) }
    }),

  async revoke(ctx, { id }) {
    const answer = await inTransaction(ctx, async (ctx) => {
      const { hint } = await getKey(ctx, id)
      const ended = await endKeys(ctx, 'id', id)
      if (ended.length > 0) {
        await audit(ctx, { action: 'key.revoked', target: id, detail: { hint } })
        await announce(ctx.db, ctx.actor.projectId, 'keys')
      }
      return present(await getKey(ctx, id))
    })
    await lastUsesAnswered(ctx)
    return answer
  },
}

/** Requests that were let in just before a key ended are answered before the one who ended it hears that it is dead. */
async function lastUsesAnswered({ db }: Context): Promise<void> {
  if (!db.isTransaction) await setTimeout(2 * KEY_GOOD_FOR_MS)
}

async function getKey({ db, actor }: Context, id: string) {
  const row = await selectKeys(db, actor.projectId).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new ApiError('KEY_NOT_FOUND', 'The project has no such key.')
  return row
}

/** Locks the key, so that two who regenerate it at once do not make two successors. */
async function requireActive(ctx: Context, id: string) {
  const row = await selectKeys(ctx.db, ctx.actor.projectId).where('id', '=', id).forUpdate().executeTakeFirst()
  if (row === undefined) throw new ApiError('KEY_NOT_FOUND', 'The project has no such key.')
  if (row.status === 'active') return row
  throw new ApiError('KEY_NOT_ACTIVE', `This key is ${row.status}.`, {
    suggestion: row.replaced_by === null ? 'Create a new key.' : `It was replaced by the key ${row.replaced_by}.`,
  })
}

async function endKeys({ db, actor }: Context, column: 'id' | 'replaced_by', value: string): Promise<string[]> {
  const ended = await db
    .updateTable('api_keys')
    .set({ revoked_at: sql<Date>`now()` })
    .where('project_id', '=', actor.projectId)
    .where(column, '=', value)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute()
  return ended.map(({ id }) => id)
}

/** Nobody can come by a key that may do more than they may themselves. */
function requireGrantable({ actor }: Context, kind: KeyKind, scopes: readonly Scope[]): void {
  const unfit = scopes.find((scope) => !GRANTABLE_SCOPES[kind].includes(scope))
  if (unfit !== undefined) throw fieldRefusal('scopes', `A ${kind} key cannot hold ${unfit}.`)
  const missing = scopes.filter((scope) => !actor.scopes.has(scope))
  if (missing.length === 0) return
  throw new ApiError('SCOPE_NOT_HELD', `A key cannot grant what it does not hold: ${missing.join(', ')}.`)
}
