import { Paper, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { useProject } from '../../shell/project-scope.ts'

const DAYS = 30
/** In CSS pixels. */
const CHART_HEIGHT = 160

// The library of the chart is larger than all the rest of the page, and comes once there is something to draw.
const DaysChart = loadedLater(() => import('./days-chart.tsx'))

// A date without a time is the same day everywhere, so no zone may move it.
const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const dayOf = (date: string) => short.format(new Date(`${date}T00:00:00Z`))
const number = new Intl.NumberFormat('en')

/** How many events there were on each of the last days, of one name where there is one; nothing without any. */
export function EventDays({ name }: { name: string | undefined }) {
  const { trpc } = useProject()
  const { data } = useQuery(trpc.events.days.queryOptions({ days: DAYS, ...(name !== undefined && { name }) }))
  if (data === undefined || data.total === 0) return null
  const most = data.days.reduce((best, day) => (day.count > best.count ? day : best))
  return (
    <Paper p="md" mb="md" component="section" aria-label="Events by day">
      <Text c="dimmed" size="sm" mb="xs">
        {number.format(data.total)} in the last {DAYS} days (UTC), most of them on {dayOf(most.date)}:{' '}
        {number.format(most.count)}.
      </Text>
      <Suspense fallback={<Skeleton height={CHART_HEIGHT} />}>
        <DaysChart days={data.days.map(({ date, count }) => ({ day: dayOf(date), count }))} height={CHART_HEIGHT} />
      </Suspense>
    </Paper>
  )
}
