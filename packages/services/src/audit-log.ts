import type { Input } from '@posthorn/contracts'
import type { Db, Tables } from '@posthorn/db'
import { sql, type Selectable } from 'kysely'
import { auditPerson } from './audit.ts'
import type { Data } from './contacts/merge.ts'
import { csvOf } from './csv.ts'
import { readCursor } from './cursor.ts'
import { ApiError } from './errors.ts'
import type { Handlers } from './handlers.ts'
import { idsOf, searchPage } from './search.ts'

export const audit: Handlers<'audit'> = {
  list: ({ db, actor: { projectId } }, input) => listEntries(db, { projectId, ...input }),

  async get({ db, actor: { projectId } }, { id }) {
    const row = await selectEntries(db).where('project_id', '=', projectId).where('id', '=', id).executeTakeFirst()
    if (row !== undefined) return present(row)
    throw new ApiError('AUDIT_ENTRY_NOT_FOUND', 'The audit log of the project has no such entry.')
  },

  async export(ctx, input) {
    const { projectId } = ctx.actor
    const exported = await exportEntries(ctx.db, { projectId, ...input })
    const { limit: _, cursor, ...detail } = input
    // Once for all pages of an export.
    if (cursor === undefined) await auditPerson(ctx, { action: 'audit.exported', target: projectId, detail })
    return exported
  },
}

type Wanted = Input<'audit', 'list'> & { projectId: string }

/** A page of what was done in a project. Whether the caller may see it was asked before. */
export const listEntries = (db: Db, wanted: Wanted) => findEntries(db, wanted, present)

/** The same as CSV. */
export async function exportEntries(db: Db, wanted: Wanted) {
  const { data, cursor } = await findEntries(db, wanted, cells)
  return { csv: csvOf(wanted.cursor === undefined ? [COLUMNS, ...data] : data), cursor }
}

type Filter = Omit<Input<'audit', 'list'>, 'limit' | 'cursor'>
type Row = Selectable<Tables['audit_log']>

function findEntries<Item>(db: Db, { projectId, limit, cursor, ...filter }: Wanted, present: (row: Row) => Item) {
  const ids = idsOf({ before: readCursor(cursor), ...filter })
  const span = () => {
    const query = db.selectFrom('audit_log').where('project_id', '=', projectId).where('id', '>=', ids.from)
    return (ids.to === undefined ? query : query.where('id', '<', ids.to)).orderBy('id', 'desc')
  }
  return searchPage(
    db,
    {
      limit,
      walk: Object.values(filter).some((value) => value !== undefined) ? span().select('id') : undefined,
      rows: (from) => narrowed(span().selectAll(), filter).where('id', '>=', from),
    },
    present,
  )
}

const selectEntries = (db: Db) => db.selectFrom('audit_log').selectAll()

const KINDS: ReadonlySet<string> = new Set(['key', 'user', 'system'])

function narrowed(query: ReturnType<typeof selectEntries>, { actor, action, target, since, until }: Filter) {
  if (actor !== undefined) {
    query = query.where(sql<string>`actor->>${KINDS.has(actor) ? 'kind' : 'id'}`, '=', actor)
  }
  if (action !== undefined) {
    const isGroup = action.endsWith('.')
    query = isGroup
      ? query.where(({ fn, ref, val }) => fn('starts_with', [ref('action'), val(action)]))
      : query.where('action', '=', action)
  }
  if (target !== undefined) query = query.where('target', '=', target)
  if (since !== undefined) query = query.where('at', '>=', since)
  if (until !== undefined) query = query.where('at', '<', until)
  return query
}

function present(row: Row) {
  return {
    id: row.id,
    at: row.at,
    actor: { kind: row.actor.kind, id: row.actor.id ?? null, name: row.actor.name ?? null },
    action: row.action,
    target: row.target,
    detail: row.detail as Data, // Safe because only JSON is ever stored there.
    ip: row.ip,
  }
}

const COLUMNS = ['id', 'at', 'actor_kind', 'actor_id', 'actor_name', 'action', 'target', 'detail', 'ip']

const cells = ({ id, at, actor, action, target, detail, ip }: Row): string[] => [
  id,
  at.toISOString(),
  actor.kind,
  actor.id ?? '',
  actor.name ?? '',
  action,
  target ?? '',
  JSON.stringify(detail),
  ip ?? '',
]
