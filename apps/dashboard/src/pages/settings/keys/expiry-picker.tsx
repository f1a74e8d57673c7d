import { DatePickerInput, type DatePickerInputProps } from '@mantine/dates'
import '@mantine/dates/styles.css'
import { IconCalendar } from '@tabler/icons-react'
import dayjs from 'dayjs'

const DAY = 'YYYY-MM-DD'
const PRESETS_DAYS = [30, 90, 365]

/** The last day that a key works, in the viewer's zone; empty: it has none. */
export function ExpiryPicker(props: Omit<DatePickerInputProps, 'type'>) {
  return (
    <DatePickerInput
      label="Expires"
      description="The last day that it works. Empty: it never expires."
      placeholder="Never"
      leftSection={<IconCalendar size={16} aria-hidden />}
      clearable
      clearButtonProps={{ 'aria-label': 'Never expires' }}
      minDate={dayjs().format(DAY)}
      presets={PRESETS_DAYS.map((days) => ({ label: `In ${days} days`, value: dayjs().add(days, 'day').format(DAY) }))}
      {...props}
    />
  )
}

/** The moment at which that day is over. */
export const endOfDay = (day: string): string => dayjs(day).add(1, 'day').startOf('day').toISOString()
