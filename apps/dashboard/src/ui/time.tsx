import { Tooltip } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { nowFor, subscribe } from './clock.ts'
import { exactTime, relativeTime } from './time-words.ts'

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
  const current = useSyncExternalStore(subscribe, () => nowFor(at))
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
