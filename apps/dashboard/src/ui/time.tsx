import { Tooltip } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { exactTime, relativeTime } from './time-words.ts'

const TICK_MS = 15_000

let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for the whole page, that stands still while nobody looks at it. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

interface TimeProps {
  /** ISO 8601, as it came over the wire. */
  at: string
  /** In a list the exact time is shown on hover alone, so that the keyboard goes from row to row. */
  inList?: boolean
  /** Shows the exact time in place of "5 minutes ago". */
  exact?: boolean
}

/** A moment in the viewer's zone, relative to now; exact on hover and focus. */
export function Time({ at, inList = false, exact = false }: TimeProps) {
  const current = useSyncExternalStore(subscribe, () => Math.max(now, Date.now() - TICK_MS))
  const precise = exactTime(at)
  if (exact) return <time dateTime={at}>{precise}</time>
  return (
    <Tooltip label={precise}>
      {/* The exact time has to be reachable without a mouse. */}
      <time dateTime={at} tabIndex={inList ? undefined : 0}>
        {relativeTime(at, current)}
      </time>
    </Tooltip>
  )
}
