import { DatePickerInput } from '@mantine/dates'
import '@mantine/dates/styles.css'
import { IconCalendar } from '@tabler/icons-react'
import dayjs from 'dayjs'
import { useState } from 'react'
import type { PeriodFilterProps } from './period-filter.tsx'
import classes from './filters.module.css'

const DAY = 'YYYY-MM-DD'
const PRESETS = [
  { label: 'Today', days: 0 },
  { label: 'Last 7 days', days: 6 },
  { label: 'Last 30 days', days: 29 },
]

/** The days are those of the viewer's zone; the filter is in moments. */
export default function PeriodPicker({ since, until, onChange }: PeriodFilterProps) {
  const [isHalf, setHalf] = useState<[string | null, string | null]>()
  const today = dayjs().format(DAY)
  // Up to now; half a period would look unfinished.
  const openEnd = since === undefined ? null : today
  const shown: [string | null, string | null] = [
    since === undefined ? null : dayjs(since).format(DAY),
    until === undefined ? openEnd : dayjs(until).subtract(1, 'millisecond').format(DAY),
  ]
  return (
    <DatePickerInput
      type="range"
      label="Period"
      placeholder="Any time"
      className={classes.filter}
      leftSection={<IconCalendar size={16} aria-hidden />}
      valueFormat="MMM D"
      allowSingleDateInRange
      clearable
      clearButtonProps={{ 'aria-label': 'Clear period' }}
      maxDate={today}
      presets={PRESETS.map(({ label, days }) => {
        const value: [string, string] = [dayjs().subtract(days, 'day').format(DAY), today]
        return { label, value }
      })}
      value={isHalf ?? shown}
      onChange={([from, to]) => {
        // A range is half chosen after the first click; it becomes a filter with the second.
        if (from !== null && to === null) return setHalf([from, to])
        setHalf(undefined)
        onChange({
          since: from === null ? undefined : dayjs(from).startOf('day').toISOString(),
          until: to === null ? undefined : dayjs(to).add(1, 'day').startOf('day').toISOString(),
        })
      }}
    />
  )
}
