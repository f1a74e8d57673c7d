import { useSyncExternalStore } from 'react'

let isDown = false
const listeners = new Set<() => void>()

/** Remembers whether the server can be worked with. */
export function setOutage(now: boolean): void {
  if (now === isDown) return
  isDown = now
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useOutage = (): boolean => useSyncExternalStore(subscribe, () => isDown)
