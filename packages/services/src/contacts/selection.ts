import type { Input } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'
import type { Facts, JobAtWork } from '../project-jobs/step.ts'
import { fits } from './filter.ts'

/** For each contact that a step may change it looks at so many, however few of them fit. */
const LOOKED_AT = 20
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** Which contacts a job is about, as it is stored with it. */
export type Selection =
  | { mode: 'ids'; contactIds: string[] }
  | {
      mode: 'query'
      search: string | null
      subscribed: boolean | null
      field: string | null
      value: string | null
      excludeIds: string[]
    }

export function selectionOf({ mode, contactIds, filter, excludeIds = [] }: Input<'contacts', 'bulkDelete'>): Selection {
  const lower = (ids: readonly string[]) => ids.map((id) => id.toLowerCase())
  const excluded = new Set(lower(excludeIds))
  if (mode === 'query') {
    const { search = null, subscribed = null, field = null, value = null } = filter ?? {}
    return { mode, search, subscribed, field, value, excludeIds: [...excluded] }
  }
  const wanted = new Set(lower(contactIds ?? []))
  return { mode, contactIds: [...wanted].filter((id) => !excluded.has(id)).toSorted() }
}

/** From where a step goes on: behind this id. While they are counted, how many there are so far. */
interface Place {
  after?: string
  counted?: number
}

/** The ids that the next step is about, and what it leaves behind. */
export interface Batch {
  ids: string[]
  state: Facts
  total: number | null
  isLast: boolean
}

/** The next contacts of a job. While they are being counted, there are none yet. */
export function nextBatch(db: Db, job: JobAtWork): Promise<Batch> | Batch {
  const selection = job.input as unknown as Selection // Safe because `selectionOf` made it.
  const place: Place = job.state
  if (selection.mode === 'ids') return nextOfIds(job, selection.contactIds, place)
  const { batchRows } = job
  const span = { batchRows, projectId: job.projectId, selection, until: job.id, after: place.after ?? FIRST_ID }
  return job.total === null ? countOn(db, span, place.counted ?? 0) : findOn(db, span, job)
}

function nextOfIds({ batchRows }: JobAtWork, contactIds: string[], { after = FIRST_ID }: Place): Batch {
  const left = contactIds.filter((id) => id > after)
  const ids = left.slice(0, batchRows)
  return {
    ids,
    state: placed({ after: ids.at(-1) ?? after }),
    total: contactIds.length,
    isLast: ids.length === left.length,
  }
}

interface Span {
  projectId: string
  selection: Extract<Selection, { mode: 'query' }>
  after: string
  /** The id of the job: whoever became a contact after it was asked for is left alone. */
  until: string
  batchRows: number
}

async function countOn(db: Db, span: Span, counted: number): Promise<Batch> {
  const { rows } = await sql<{ edge: string | null; fitting: number }>`
    with ${edge(span)}
    select edge.id as edge, (select count(*)::int ${fitting(span)}) as fitting from edge
  `.execute(db)
  const { edge: stopped = null, fitting: found = 0 } = rows[0] ?? {}
  const total = counted + found
  if (stopped === null) return { ids: [], state: {}, total, isLast: total === 0 }
  return { ids: [], state: placed({ after: stopped, counted: total }), total: null, isLast: false }
}

async function findOn(db: Db, span: Span, { batchRows, total }: JobAtWork): Promise<Batch> {
  const { rows } = await sql<{ id: string | null; edge: string | null }>`
    with ${edge(span)}
    select page.id, edge.id as edge from edge
    left join lateral (select id ${fitting(span)} order by id limit ${batchRows}) page on true order by page.id
  `.execute(db)
  const ids = rows.flatMap(({ id }) => id ?? [])
  const stopped = ids.length === batchRows ? (ids.at(-1) ?? null) : (rows[0]?.edge ?? null)
  return { ids, state: placed({ after: stopped ?? span.until }), total, isLast: stopped === null }
}

/** The last contact that a step looks at; null where it comes to the end. */
const edge = ({ projectId, after, until, batchRows }: Span): RawBuilder<unknown> => sql`
  edge as materialized (select (
    select id from contacts where project_id = ${projectId} and id > ${after} and id < ${until}
    order by id offset ${batchRows * LOOKED_AT} limit 1) as id)`

const fitting = ({ projectId, selection, after, until }: Span): RawBuilder<unknown> => {
  const { excludeIds, ...filter } = selection
  return sql`
    from contacts where project_id = ${projectId} and id > ${after} and id < ${until}
      and (edge.id is null or id <= edge.id) and id <> all(${excludeIds}::uuid[])
      and ${fits(filter)}`
}

const placed = (place: Place): Facts => ({ ...place })
