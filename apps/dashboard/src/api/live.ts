import type { Change } from '@posthorn/contracts'
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useEffect, useState } from 'react'
import { projectTrpc } from './trpc.ts'

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 60_000

/** The other nouns whose lists change along with one. */
const ALONG: Partial<Record<Change, readonly string[]>> = {
  members: ['invitations'],
  emails: ['stats'],
}

/** Asks again for what pages show of these nouns; of everything, when none are named. */
function invalidate(queryClient: QueryClient, projectId: string, changed?: readonly Change[]): void {
  const nouns = changed && new Set(changed.flatMap((change) => [change, ...(ALONG[change] ?? [])]))
  void queryClient.invalidateQueries({
    // A key of a project is `[[projectId], [noun, verb], …]`.
    queryKey: [[projectId]],
    predicate: ({ queryKey: [, path] }) => !nouns || (Array.isArray(path) && nouns.has(String(path[0]))),
  })
  // The list of one's projects carries names and roles, and is not asked for as a member of one.
  if (!nouns || nouns.has('project') || nouns.has('members')) {
    void queryClient.invalidateQueries({ queryKey: [['projects']] })
  }
}

/**
 * Keeps what is on the screen current. Notices that were missed while the connection was gone, as in a laptop's sleep,
 * are made up for by asking for everything once it is back.
 */
export function useLiveChanges(projectId: string): void {
  const queryClient = useQueryClient()
  const [wasOpen, setWasOpen] = useState(false)
  const [failures, setFailures] = useState(0)
  const [isCurrent, setIsCurrent] = useState(false)
  const { status, reset } = useSubscription(
    projectTrpc(projectId).live.changes.subscriptionOptions(undefined, {
      onStarted() {
        if (wasOpen) invalidate(queryClient, projectId)
        setWasOpen(true)
        setFailures(0)
      },
      onData({ changed }) {
        // The first notice names everything, which the page has just asked for; what it may have missed comes later.
        if (isCurrent) invalidate(queryClient, projectId, changed)
        setIsCurrent(true)
      },
      onError() {
        setFailures((before) => before + 1)
        // A stream that was closed says nothing of the reason; an ordinary call does, and the app reacts to it.
        invalidate(queryClient, projectId, ['project'])
      },
    }),
  )
  useEffect(() => {
    if (status !== 'error') return
    const timer = setTimeout(reset, Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures))
    addEventListener('online', reset)
    return () => {
      clearTimeout(timer)
      removeEventListener('online', reset)
    }
  }, [status, reset, failures])
}
