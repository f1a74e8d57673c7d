import { toldChange, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { isUnavailable } from '../errors.ts'

/** What is kept of a request: nothing of what was in it. */
export interface LoggedRequest {
  projectId: string
  /** Made when it came in, which is thereby known (UUIDv7, RFC 9562). */
  id: string
  /** The id that the request brought along, if any. */
  requestId: string | undefined
  keyId: string | undefined
  userId: string | undefined
  method: string
  operation: string
  status: number
  code: string | undefined
  durationMs: number
  ip: string | undefined
}

/** Keeps requests for the log of the API, until there is time to write them. */
export interface ApiLog {
  /** Costs nothing but memory, of which there is a bound: what does not fit is dropped and counted. */
  note(request: LoggedRequest): void
  /** Writes what is left. */
  close(): Promise<void>
}

export interface ApiLogOptions {
  db: Db
  onFault: (error: unknown) => void
  /** Told how many requests the log will not have. */
  onDrop: (count: number) => void
  flushMs?: number
  mostKept?: number
}

const FLUSH_MS = 1_000
const MOST_KEPT = 50_000
const BATCH = 1_000
const AGAIN_MS = 5_000

/** Opens the log of the API. It is written behind the requests, in batches, and is the first to go without. */
export function openApiLog(options: ApiLogOptions): ApiLog {
  const { db, onFault, onDrop, flushMs = FLUSH_MS, mostKept = MOST_KEPT } = options
  let kept: LoggedRequest[] = []
  let dropped = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let isClosed = false

  const schedule = (ms: number) => {
    if (isClosed) return
    timer ??= setTimeout(() => {
      timer = undefined
      void flush()
    }, ms).unref()
  }

  const flush = () => (writing ??= write().finally(() => (writing = undefined)))

  const write = async () => {
    while (kept.length > 0) {
      const batch = kept.slice(0, BATCH)
      try {
        await storeRequests(db, batch)
      } catch (error) {
        onFault(error)
        if (isUnavailable(error)) return schedule(AGAIN_MS)
        // What the database refuses now it would refuse for ever, and everything behind it would wait.
        dropped += batch.length
      }
      kept = kept.slice(batch.length)
    }
    if (dropped === 0) return
    onDrop(dropped)
    dropped = 0
  }

  return {
    note(request) {
      if (kept.length < mostKept) kept.push(request)
      else dropped += 1
      schedule(flushMs)
    },
    async close() {
      clearTimeout(timer)
      await writing
      isClosed = true
      await flush()
      if (kept.length > 0) onDrop(kept.length + dropped)
    },
  }
}

/** Most requests of a moment are alike, so what they share is sent once: this must cost next to nothing. */
function alike(requests: readonly LoggedRequest[]) {
  const groups = new Map<string, { shared: object; ids: string[]; durations: number[] }>()
  for (const { id, durationMs, ...request } of requests) {
    const name = Object.values(request).join(' ')
    let group = groups.get(name)
    if (group === undefined) {
      const { projectId, requestId, keyId, userId, method, operation, status, code, ip } = request
      const ids = { project_id: projectId, request_id: requestId, key_id: keyId, user_id: userId }
      group = { shared: { ...ids, method, operation, status, code, ip }, ids: [], durations: [] }
      groups.set(name, group)
    }
    group.ids.push(id)
    group.durations.push(durationMs)
  }
  return Array.from(groups.values(), ({ shared, ids, durations }) => ({ ...shared, ids, durations }))
}

async function storeRequests(db: Db, requests: readonly LoggedRequest[]): Promise<void> {
  await sql`
    with unhurried as materialized (
      -- A crash may cost the log its last moment, so no other commit has to wait for the disk with it.
      select set_config('synchronous_commit', 'off', true)
    ), stored as (
      insert into api_requests (project_id, id, request_id, at, key_id, user_id, method, operation, status, code,
        duration_ms, ip)
      select project_id, request.id, request_id, uuid_extract_timestamp(request.id), key_id, user_id, method,
        operation, status, code, request.duration_ms, ip
      from json_to_recordset(${JSON.stringify(alike(requests))}::json) as row (project_id uuid, request_id text,
          key_id uuid, user_id uuid, method text, operation text, status smallint, code text, ip text, ids uuid[],
          durations real[]),
        unnest(ids, durations) as request (id, duration_ms)
      on conflict do nothing
      returning project_id
    ), told as materialized (${toldChange('requests', sql`select project_id from stored`)})
    select (select count(*) from told) from unhurried
  `.execute(db)
}
