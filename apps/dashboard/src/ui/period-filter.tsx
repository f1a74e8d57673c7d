import { TextInput } from '@mantine/core'
import { Suspense } from 'react'
import { loadedLater } from '../api/page-code.ts'
import classes from './filters.module.css'

// The calendar is a good part of a page's code, and stands beside the list, not before it.
const PeriodPicker = loadedLater(() => import('./period-picker.tsx'))

export interface PeriodFilterProps {
  /** ISO 8601; the moment itself counts. */
  since: string | undefined
  /** ISO 8601; the moment itself does not count. */
  until: string | undefined
  onChange(period: { since: string | undefined; until: string | undefined }): void
}

/** From one day of the viewer to another. */
export function PeriodFilter(props: PeriodFilterProps) {
  return (
    <Suspense fallback={<TextInput label="Period" placeholder="Any time" readOnly className={classes.filter} />}>
      <PeriodPicker {...props} />
    </Suspense>
  )
}
