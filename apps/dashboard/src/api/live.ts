import type { Change } from '@posthorn/contracts'
import type { Query } from '@tanstack/react-query'
import { useLayoutEffect } from 'react'
import { closeGate } from './stream-gate.ts'
import { projectClient, queryClient } from './trpc.ts'

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 60_000

/** The other nouns whose lists change along with one. */
const ALONG: Partial<Record<Change, readonly string[]>> = {
  members: ['invitations'],
  emails: ['stats', 'analytics', 'activity'],
  events: ['activity'],
  contacts: ['activity'],
  templates: ['activity'],
  jobs: ['activity', 'imports'],
}

/** Asks again for what pages show of a project, where it fits. */
function askAgain(projectId: string, fits: (query: Query) => boolean): void {
  void queryClient.invalidateQueries({ queryKey: [[projectId]], predicate: fits })
}

/** Asks again for what pages show of these nouns. */
function changedOf(projectId: string, changed: readonly Change[]): void {
  const nouns = new Set<unknown>(changed.flatMap((change) => [change, ...(ALONG[change] ?? [])]))
  // A key of a project is `[[projectId], [noun, verb], …]`.
  askAgain(projectId, ({ queryKey: [, path] }) => Array.isArray(path) && nouns.has(path[0]))
  // The list of one's projects carries names and roles, and is not asked for as a member of one.
  if (nouns.has('project') || nouns.has('members')) void queryClient.invalidateQueries({ queryKey: [['projects']] })
}

interface Stream {
  /** How many look at the project. */
  holders: number
  close(): void
}

const streams = new Map<string, Stream>()

/**
 * Opens the stream of what changes in a project, before a page asks for anything of it. It stays for as long as somebody
 * looks at the project; while nobody does it makes room for the next.
 */
export function openStream(projectId: string): Stream {
  const known = streams.get(projectId)
  if (known !== undefined) return known
  for (const other of streams.values()) if (other.holders === 0) other.close()
  const stream: Stream = { holders: 0, close }
  const gate = closeGate(projectId)
  let failures = 0
  let wasOpen = false
  let isFirstNotice = true
  let timer: ReturnType<typeof setTimeout> | undefined
  let subscription = subscribe()
  streams.set(projectId, stream)
  return stream

  function subscribe() {
    return projectClient(projectId).live.changes.subscribe(undefined, {
      onStarted: () => void (isFirstNotice = true),
      onData({ changed }) {
        if (!isFirstNotice) return changedOf(projectId, changed)
        isFirstNotice = false
        failures = 0
        // What was read before may have changed since; what is held back at the gate is yet to be read.
        const missed = wasOpen || gate.isOpen
        askAgain(projectId, ({ state }) => missed || state.dataUpdatedAt > 0)
        if (missed) void queryClient.invalidateQueries({ queryKey: [['projects']] })
        wasOpen = true
        gate.open()
      },
      onError() {
        gate.open()
        // A stream that was closed says nothing of the reason; an ordinary call does, and the app reacts to it.
        changedOf(projectId, ['project'])
        timer = setTimeout(again, Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures))
        failures += 1
        addEventListener('online', again)
      },
      onConnectionStateChange({ state, error }) {
        // The browser opens it again by itself, and keeps trying in silence.
        if (state === 'connecting' && error !== null) changedOf(projectId, ['project'])
      },
    })
  }

  function again() {
    stopWaiting()
    // Whoever looks next opens another.
    if (stream.holders === 0) return close()
    subscription.unsubscribe()
    subscription = subscribe()
  }

  function stopWaiting() {
    clearTimeout(timer)
    removeEventListener('online', again)
  }

  function close() {
    stopWaiting()
    subscription.unsubscribe()
    gate.open()
    if (streams.get(projectId) === stream) streams.delete(projectId)
  }
}

/**
 * Keeps what is on the screen current. Notices that were missed while the connection was gone, as in a laptop's sleep,
 * are made up for by asking for everything once it is back.
 */
export function useLiveChanges(projectId: string): void {
  // Before the queries of the page, which are asked in effects of their own.
  useLayoutEffect(() => {
    const stream = openStream(projectId)
    stream.holders += 1
    return () => {
      stream.holders -= 1
      if (stream.holders === 0) stream.close()
    }
  }, [projectId])
}
