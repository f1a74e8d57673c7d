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
  /** How long until what began before somebody looked has surely committed. */
  settleMs?: number
}

type Listener = (change: Change | undefined) => void

const WATCHED_SECONDS = 60
const RENEW_MS = 20_000
const SETTLE_MS = 2_000

const WATCH = `
  insert into live_watches (project_id, watched_until)
  select id, now() + make_interval(secs => ${WATCHED_SECONDS}) from unnest($1::uuid[]) as id order by id
  on conflict (project_id) do update set watched_until = excluded.watched_until`

/**
 * Opens the feed. It holds one connection, and that only while somebody looks; which projects are looked at stands in
 * a table, so that nobody else's statements have to tell anything.
 */
export function openChangeFeed({ openClient, onFault, settleMs = SETTLE_MS }: FeedOptions): ChangeFeed {
  const listeners = new Map<string, Set<Listener>>()
  const ended = new AbortController()
  let listening: Listening | undefined
  let timer: NodeJS.Timeout | undefined

  const tell = (projectId: string, change: Change | undefined) => {
    for (const listener of listeners.get(projectId) ?? []) listener(change)
  }
  const tellAll = () => {
    for (const projectId of listeners.keys()) tell(projectId, undefined)
  }

  const onNotice = (payload: string) => {
    const [projectId = '', what = ''] = payload.split(' ', 2)
    if (isChange(what)) tell(projectId, what)
  }

  const watch = (projectIds: string[]) => (listening ??= listen()).query(WATCH, [projectIds])

  const renew = async () => {
    try {
      await watch([...listeners.keys()])
    } catch (error) {
      onFault(error)
    }
  }

  const listen = () => {
    timer = setInterval(() => void renew(), RENEW_MS)
    // What came while the connection was away was missed.
    return listenForChanges({ openClient, onNotice, onReopened: () => void renew().then(tellAll) })
  }

  const leave = (projectId: string, listener: Listener) => {
    const others = listeners.get(projectId)
    others?.delete(listener)
    if (others?.size === 0) listeners.delete(projectId)
    if (listeners.size > 0) return
    clearInterval(timer)
    void listening?.close()
    listening = undefined
  }

  return {
    ended: ended.signal,
    async follow(projectId, onChange) {
      const known = listeners.get(projectId)
      if (known === undefined) listeners.set(projectId, new Set([onChange]))
      else known.add(onChange)
      const end = () => leave(projectId, onChange)
      try {
        await watch([projectId])
      } catch (error) {
        end()
        throw error
      }
      if (known !== undefined) return { end }
      // A statement that began before anybody looked tells nothing, and may yet commit.
      const settled = setTimeout(() => onChange(undefined), settleMs)
      return {
        end() {
          clearTimeout(settled)
          end()
        },
      }
    },
    async close() {
      ended.abort()
      clearInterval(timer)
      await listening?.close()
    },
  }
}

const isChange = (what: string): what is Change => (CHANGES as readonly string[]).includes(what)
