import type { Input } from '@posthorn/contracts'
import type { Db, Tables } from '@posthorn/db'
import type { Selectable } from 'kysely'
import { readCursor } from '../cursor.ts'
import { ApiError } from '../errors.ts'
import type { Handlers } from '../handlers.ts'
import { idsOf, searchPage } from '../search.ts'

export const requests: Handlers<'requests'> = {
  list({ db, actor: { projectId } }, { limit, cursor, ...filter }) {
    const ids = idsOf({ before: readCursor(cursor), ...filter })
    const span = (isRefusal: boolean) => {
      let query = named(db, projectId, filter.requestId).where('id', '>=', ids.from).orderBy('id', 'desc')
      if (ids.to !== undefined) query = query.where('id', '<', ids.to)
      return isRefusal ? query.where('status', '>=', 400) : query
    }
    const isRefusal = filter.code !== undefined || Number(filter.statusClass?.[0] ?? 0) >= 4
    return searchPage(
      db,
      {
        limit,
        walk: Object.values(filter).some((value) => value !== undefined) ? span(isRefusal).select('id') : undefined,
        rows: (from) => narrowed(span(isRefusal).selectAll(), filter).where('id', '>=', from),
      },
      present,
    )
  },

  async get({ db, actor: { projectId } }, { requestId }) {
    const row = await named(db, projectId, requestId).selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst()
    if (row === undefined) {
      throw new ApiError('REQUEST_NOT_FOUND', 'The log holds no such request of the project.', {
        suggestion: 'A request is listed some seconds after its answer, and for a number of days.',
      })
    }
    return present(row)
  },
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A request goes by the id that it brought along, or else by that of its row. */
function named(db: Db, projectId: string, requestId: string | undefined) {
  const query = db.selectFrom('api_requests').where('project_id', '=', projectId)
  if (requestId === undefined) return query
  if (!UUID.test(requestId)) return query.where('request_id', '=', requestId)
  return query.where(({ eb, or, and }) =>
    or([eb('request_id', '=', requestId), and([eb('id', '=', requestId), eb('request_id', 'is', null)])]),
  )
}

type Filter = Omit<Input<'requests', 'list'>, 'limit' | 'cursor' | 'requestId'>

function narrowed(query: ReturnType<typeof selectRequests>, filter: Filter) {
  const { keyId, caller, operation, statusClass, code, since, until } = filter
  if (keyId !== undefined) query = query.where('key_id', '=', keyId)
  if (caller !== undefined) query = query.where(caller === 'key' ? 'key_id' : 'user_id', 'is not', null)
  if (operation !== undefined) query = query.where('operation', '=', operation)
  if (code !== undefined) query = query.where('code', '=', code)
  if (statusClass !== undefined) {
    const first = Number(statusClass[0]) * 100
    query = query.where('status', '>=', first).where('status', '<', first + 100)
  }
  if (since !== undefined) query = query.where('at', '>=', since)
  if (until !== undefined) query = query.where('at', '<', until)
  return query
}

const selectRequests = (db: Db) => db.selectFrom('api_requests').selectAll()

function present(row: Selectable<Tables['api_requests']>) {
  return {
    id: row.request_id ?? row.id,
    at: row.at,
    keyId: row.key_id,
    userId: row.user_id,
    method: row.method,
    operation: row.operation,
    status: row.status,
    code: row.code,
    durationMs: row.duration_ms,
    ip: row.ip,
  }
}
