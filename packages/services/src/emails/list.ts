import type { Input } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { STREAMS } from '@posthorn/outbox'
import type { Context } from '../context.ts'
import { readCursor } from '../cursor.ts'
import { hasPart, idsOf, searchPage } from '../search.ts'
import { present, selectEmails, STATUS } from './read.ts'

type Filter = Omit<Input<'emails', 'list'>, 'limit' | 'cursor'>

const ENDS: readonly string[] = ['sent', 'failed', 'cancelled'] satisfies Filter['status'][]
/** Few mails end so, and there is an index of those. */
const RARE: readonly string[] = ['failed', 'cancelled'] satisfies Filter['status'][]

export async function listEmails({ db, actor: { projectId } }: Context, input: Input<'emails', 'list'>) {
  const { limit, cursor, ...filter } = input
  const ids = idsOf({ before: readCursor(cursor), ...filter })
  let rows = selectEmails(db, projectId).where('emails.id', '>=', ids.from).orderBy('emails.id', 'desc')
  if (ids.to !== undefined) rows = rows.where('emails.id', '<', ids.to)
  const filtered = narrowed(rows, filter, projectId)
  return searchPage(
    db,
    {
      limit,
      walk: isIndexed(filter) ? undefined : walk(db, { projectId, ids, filter }),
      rows: (from) => filtered.where('emails.id', '>=', from),
    },
    present,
  )
}

/** Whether an index gives just what is asked for. */
function isIndexed({ status, to, ...others }: Filter): boolean {
  const isNarrow = Object.values(others).some((value) => value !== undefined)
  if (isNarrow || (status !== undefined && !RARE.includes(status))) return false
  return status === undefined || to === undefined
}

type Query = ReturnType<typeof selectEmails>

function narrowed(query: Query, filter: Filter, projectId: string): Query {
  const { status, to, tag, stream, recipient, subject, search, since, until } = filter
  if (status !== undefined) query = withStatus(query, projectId, status)
  if (to !== undefined) query = query.where('emails.to_email', '=', to)
  if (tag !== undefined) query = query.where(({ eb, ref }) => eb(eb.val(tag), '=', eb.fn.any(ref('emails.tags'))))
  if (stream !== undefined) query = query.where('emails.stream', '=', STREAMS[stream])
  if (recipient !== undefined) query = query.where(({ ref }) => hasPart(ref('emails.to_email'), recipient))
  if (subject !== undefined) query = query.where(({ ref }) => hasPart(ref('emails.subject'), subject))
  if (search !== undefined) {
    query = query.where(({ or, ref }) =>
      or([hasPart(ref('emails.to_email'), search), hasPart(ref('emails.subject'), search)]),
    )
  }
  if (since !== undefined) query = query.where('emails.created_at', '>=', since)
  if (until !== undefined) query = query.where('emails.created_at', '<', until)
  return query
}

function withStatus(query: Query, projectId: string, status: NonNullable<Filter['status']>): Query {
  if (ENDS.includes(status)) return query.where('emails.outcome', '=', status as 'sent')
  // Few mails wait, however many were sent, so the search begins with those that do.
  return query
    .where(({ eb, selectFrom }) =>
      eb('emails.id', 'in', selectFrom('outbox').select('outbox.email_id').where('outbox.project_id', '=', projectId)),
    )
    .where(STATUS, '=', status)
}

/** The ids that the search has to look through, by the index that has the fewest. */
function walk(
  db: Db,
  { projectId, ids, filter }: { projectId: string; ids: ReturnType<typeof idsOf>; filter: Filter },
) {
  const { status, to } = filter
  if (status !== undefined && !ENDS.includes(status)) {
    return db
      .selectFrom('outbox')
      .select('email_id as id')
      .where('project_id', '=', projectId)
      .where('email_id', '>=', ids.from)
      .$if(ids.to !== undefined, (query) => query.where('email_id', '<', ids.to as string))
      .orderBy('email_id', 'desc')
  }
  return db
    .selectFrom('emails')
    .select('id')
    .where('project_id', '=', projectId)
    .$if(to !== undefined, (query) => query.where('to_email', '=', to as string))
    .$if(to === undefined && RARE.includes(status ?? ''), (query) => query.where('outcome', '=', status as 'failed'))
    .where('id', '>=', ids.from)
    .$if(ids.to !== undefined, (query) => query.where('id', '<', ids.to as string))
    .orderBy('id', 'desc')
}
