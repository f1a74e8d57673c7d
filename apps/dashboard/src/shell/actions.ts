import type { Icon } from '@tabler/icons-react'
import { useEffect, useSyncExternalStore } from 'react'

/** Something that the command palette can do. */
export interface Action {
  /** Unique among all that are offered at the same time. */
  id: string
  label: string
  description?: string
  /** The heading that it stands under. */
  group: string
  icon?: Icon
  /** Other words that it is found by. */
  keywords?: readonly string[]
  run(): void
}

let offered: readonly Action[] = []
const listeners = new Set<() => void>()

function offer(next: readonly Action[]): void {
  offered = next
  for (const listener of listeners) listener()
}

let wanted: string | undefined

/** Runs an action as soon as a page offers it. Returns how to give it up. */
export function runWhenOffered(id: string): () => void {
  wanted = id
  return () => {
    if (wanted === id) wanted = undefined
  }
}

/** Gives up whatever was to run, as when the page that offers it is not gone to after all. */
export function forgetWanted(): void {
  wanted = undefined
}

function runWanted(): void {
  const action = offered.find(({ id }) => id === wanted)
  if (action === undefined) return
  wanted = undefined
  action.run()
}

/**
 * Offers actions in the command palette for as long as the component is on the screen. A page offers what its buttons do;
 * that the pages themselves can be gone to is seen to by the shell.
 */
export function useActions(actions: readonly Action[]): void {
  useEffect(() => {
    offer([...offered, ...actions])
    runWanted()
    return () => offer(offered.filter((one) => !actions.includes(one)))
  })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useOfferedActions = (): readonly Action[] => useSyncExternalStore(subscribe, () => offered)
