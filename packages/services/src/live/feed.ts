import { setTimeout as sleep } from 'node:timers/promises'
import { CHANGES, type Change } from '@posthorn/contracts'
import { listenForChanges, type Listening, type ListeningClient } from './listen.ts'

/** Tells what changes in projects, to those who look. */
export interface ChangeFeed {
  /**
   * Calls back with what changed, from the moment on that the promise resolves. Undefined: anything may have changed.
   * Rejects while the database cannot be listened to.
   */
  follow(projectId: string, onChange: (change: Change | undefined) => void): Promise<Following>
  /** Aborted when the feed ends. */
  readonly ended: AbortSignal
  close(): Promise<void>
}

export interface Following {
  end(): void
}

export interface FeedOptions {
  /** Makes a connection of its own, not connected yet. */
  openClient: () => ListeningClient
  onFault: (error: unknown) => void
  /** How long somebody who looks is kept waiting for what began before. */
  graceMs?: number
}

type Listener = (change: Change | undefined) => void

interface Looked {
  listeners: Set<Listener>
  /** Resolves when everything that commits from then on is told, or will be made up for. */
  settling: Promise<void>
  stop(): void
}

const WATCHED_SECONDS = 60
const RENEW_MS = 20_000
const GRACE_MS = 250
const LOOK_MS = 10
const LATER_LOOK_MS = 500

const WATCH = `
  insert into live_watches (project_id, watched_until)
  select id, now() + make_interval(secs => ${WATCHED_SECONDS}) from unnest($1::uuid[]) as id order by id
  on conflict (project_id) do update set watched_until = excluded.watched_until`

// Every transaction holds the lock of its own name from its first statement to its end, and anybody may see it.
const BEGUN = `
  select virtualtransaction as name from pg_locks join pg_stat_activity using (pid)
  where locktype = 'virtualxid' and mode = 'ExclusiveLock' and pid <> pg_backend_pid()
    and datname = current_database() and backend_type is distinct from 'autovacuum worker'`

/**
 * Opens the feed. It holds one connection, and that only while somebody looks; which projects are looked at stands in
 * a table, so that nobody else's statements have to tell anything.
 */
export function openChangeFeed({ openClient, onFault, graceMs = GRACE_MS }: FeedOptions): ChangeFeed {
  const looked = new Map<string, Looked>()
  const ended = new AbortController()
  let listening: Listening | undefined
  let timer: NodeJS.Timeout | undefined

  const tell = (projectId: string, change: Change | undefined) => {
    for (const listener of looked.get(projectId)?.listeners ?? []) listener(change)
  }
  const tellAll = () => {
    for (const projectId of looked.keys()) tell(projectId, undefined)
  }

  const onNotice = (payload: string) => {
    const [projectId = '', what = ''] = payload.split(' ', 2)
    if (isChange(what)) tell(projectId, what)
  }

  const query = (text: string, values: unknown[] = []) => (listening ??= listen()).query(text, values)
  const watch = (projectIds: string[]) => query(WATCH, [projectIds])

  const renew = async () => {
    try {
      await watch([...looked.keys()])
    } catch (error) {
      onFault(error)
    }
  }

  const begun = async () => (await query(BEGUN)).map(({ name }) => String(name))

  const look = (projectId: string): Looked => {
    const left = new AbortController()
    const settling = watch([projectId])
      .then(() => stillBegun(begun, graceMs))
      .then((late) => {
        if (late.size > 0)
          void tellAsTheyEnd(late, { begun, signal: left.signal, tell: () => tell(projectId, undefined) })
      })
    return { listeners: new Set(), settling, stop: () => left.abort() }
  }

  const listen = () => {
    timer = setInterval(() => void renew(), RENEW_MS)
    // What came while the connection was away was missed.
    return listenForChanges({ openClient, onNotice, onReopened: () => void renew().then(tellAll) })
  }

  const leave = (projectId: string, listener: Listener) => {
    const at = looked.get(projectId)
    at?.listeners.delete(listener)
    if (at?.listeners.size === 0) {
      at.stop()
      looked.delete(projectId)
    }
    if (looked.size > 0) return
    clearInterval(timer)
    void listening?.close()
    listening = undefined
  }

  return {
    ended: ended.signal,
    async follow(projectId, onChange) {
      const at = looked.get(projectId) ?? look(projectId)
      looked.set(projectId, at)
      at.listeners.add(onChange)
      const end = () => leave(projectId, onChange)
      try {
        await at.settling
      } catch (error) {
        end()
        throw error
      }
      return { end }
    },
    async close() {
      ended.abort()
      clearInterval(timer)
      await listening?.close()
    },
  }
}

/**
 * A statement that began before somebody looked tells nothing, and may yet commit. Waits for those to end, and answers
 * with the ones that take longer.
 */
async function stillBegun(begun: () => Promise<string[]>, graceMs: number): Promise<Set<string>> {
  const until = performance.now() + graceMs
  let rest = new Set(await begun())
  while (rest.size > 0 && performance.now() < until) {
    await sleep(LOOK_MS)
    rest = remaining(rest, await begun())
  }
  return rest
}

interface Late {
  begun: () => Promise<string[]>
  signal: AbortSignal
  tell: () => void
}

/** Tells whenever some of these have ended, until all have or nobody looks any more. */
async function tellAsTheyEnd(late: Set<string>, { begun, signal, tell }: Late): Promise<void> {
  let rest = late
  while (rest.size > 0) {
    await sleep(LATER_LOOK_MS, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    const now = await begun().catch(() => undefined)
    if (now === undefined) continue
    const before = rest
    rest = remaining(rest, now)
    if (rest.size < before.size) tell()
  }
}

const remaining = (some: Set<string>, now: string[]) => new Set(now.filter((name) => some.has(name)))

const isChange = (what: string): what is Change => (CHANGES as readonly string[]).includes(what)
