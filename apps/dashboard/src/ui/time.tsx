import { Tooltip } from '@mantine/core'
import { use, useSyncExternalStore } from 'react'
import { nowFor, subscribe } from './clock.ts'
import { RowInFocus } from './row-in-focus.ts'
import { exactTime, relativeTime } from './time-words.ts'

interface TimeProps {
  /** ISO 8601, as it came over the wire. */
  at: string
  /** In a list the exact time is shown when its row has the focus, so that the keyboard goes from row to row. */
  inList?: boolean
  /** Shows the exact time in place of "5 minutes ago". */
  exact?: boolean
}

/** A moment in the viewer's zone, relative to now; exact on hover and focus. */
export function Time({ at, inList = false, exact = false }: TimeProps) {
  const current = useSyncExternalStore(subscribe, () => nowFor(at))
  const isRowInFocus = use(RowInFocus)
  const precise = exactTime(at)
  if (exact) return <time dateTime={at}>{precise}</time>
  return (
    <Tooltip label={precise} {...(inList && isRowInFocus && { opened: true })}>
      {/* The exact time has to be reachable without a mouse. */}
      <time dateTime={at} tabIndex={inList ? undefined : 0}>
        {relativeTime(at, current)}
      </time>
    </Tooltip>
  )
}
