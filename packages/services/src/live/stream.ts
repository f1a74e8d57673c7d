import { setTimeout as sleep } from 'node:timers/promises'
import { CHANGE_PERMISSIONS, CHANGES, type Change } from '@posthorn/contracts'
import type { Actor } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { ChangeFeed } from './feed.ts'

export interface Watcher {
  actor: Actor
  /** Who asks now; refuses when that one may not any more. */
  renew: () => Promise<Actor>
  /** Aborted when the one who asks has gone. */
  signal: AbortSignal
}

export interface StreamOptions {
  /** The least time between two notices. */
  gatherMs?: number
  /** The longest that somebody is believed without being asked again. */
  recheckMs?: number
}

/** These say that somebody may have come to be allowed less. */
const RECHECK: ReadonlySet<Change | undefined> = new Set(['members', 'project', 'keys', undefined])

const GATHER_MS = 500
const RECHECK_MS = 30_000
const MOST_STREAMS = 20

const open = new WeakMap<ChangeFeed, Map<string, number>>()

/**
 * Tells what changes in the actor's project, of what the actor may read, until that one goes, may not any more, or the
 * feed ends. Begins with everything: whatever happened before nobody told.
 */
export async function* changesOf(
  feed: ChangeFeed,
  { actor: first, renew, signal }: Watcher,
  { gatherMs = GATHER_MS, recheckMs = RECHECK_MS }: StreamOptions = {},
): AsyncGenerator<{ changed: Change[] }, void, unknown> {
  const leave = enter(feed, nameOf(first))
  const changed = new Set<Change>(CHANGES)
  let mustRecheck = false
  let wake = Promise.withResolvers<void>()
  const over = AbortSignal.any([signal, feed.ended])
  over.addEventListener('abort', () => wake.resolve())
  const onChange = (change: Change | undefined) => {
    for (const one of change === undefined ? CHANGES : [change]) changed.add(one)
    if (RECHECK.has(change)) mustRecheck = true
    wake.resolve()
  }
  try {
    const following = await feed.follow(first.projectId, onChange).catch((error: unknown) => {
      throw unavailable(error)
    })
    try {
      let actor = first
      let checkedAt = performance.now()
      while (!over.aborted) {
        if (mustRecheck || performance.now() - checkedAt >= recheckMs) {
          mustRecheck = false
          actor = await renewed(renew, actor)
          checkedAt = performance.now()
        }
        const told = CHANGES.filter((change) => changed.has(change) && actor.scopes.has(CHANGE_PERMISSIONS[change]))
        changed.clear()
        wake = Promise.withResolvers()
        if (told.length > 0) {
          yield { changed: told }
          await sleep(gatherMs, undefined, { signal: over }).catch(() => {})
        }
        // What came in meanwhile is told without waiting for more.
        if (changed.size > 0 || mustRecheck || over.aborted) continue
        await orLater(wake.promise, checkedAt + recheckMs - performance.now())
      }
    } finally {
      following.end()
    }
    // An end without an error would be taken for the last of it, and nobody would come again.
    if (feed.ended.aborted) throw new ApiError('SERVICE_UNAVAILABLE', 'The server is about to stop.')
  } finally {
    leave()
  }
}

async function renewed(renew: () => Promise<Actor>, before: Actor): Promise<Actor> {
  const actor = await renew()
  if (actor.projectId === before.projectId) return actor
  throw new ApiError('PROJECT_NOT_FOUND', 'There is no such project.')
}

const unavailable = (cause: unknown) =>
  new ApiError('SERVICE_UNAVAILABLE', 'Changes cannot be told at the moment.', { cause })

function nameOf(actor: Actor): string {
  if (actor.kind === 'key') return actor.keyId
  return actor.kind === 'user' ? actor.person.userId : 'system'
}

/** Takes one of the places that each person and each key has. */
function enter(feed: ChangeFeed, name: string): () => void {
  const streams = open.get(feed) ?? new Map<string, number>()
  open.set(feed, streams)
  const count = (streams.get(name) ?? 0) + 1
  if (count > MOST_STREAMS) {
    throw new ApiError('TOO_MANY_STREAMS', `At most ${MOST_STREAMS} streams of changes can be open at once.`, {
      suggestion: 'Close some of the tabs that show this.',
    })
  }
  streams.set(name, count)
  return () => {
    const left = (streams.get(name) ?? 1) - 1
    if (left > 0) streams.set(name, left)
    else streams.delete(name)
  }
}

async function orLater(event: Promise<void>, ms: number): Promise<void> {
  const later = Promise.withResolvers<void>()
  const timer = setTimeout(later.resolve, Math.max(0, ms))
  await Promise.race([event, later.promise])
  clearTimeout(timer)
}
