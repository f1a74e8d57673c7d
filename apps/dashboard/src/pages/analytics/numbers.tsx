import { Skeleton } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { deliveryRate, inFigures } from '../../ui/mail-rates.ts'
import { NumberTiles } from '../../ui/number-tiles.tsx'
import { Outcomes } from '../../ui/outcomes.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { granularityOf, spanOf, UNITS, zoneOf } from './asked.ts'
import { compared } from './compared.ts'
import { Groups } from './groups.tsx'
import { labelsOf } from './labels.ts'
import { NumberFilters } from './number-filters.tsx'
import type { NumberSearch } from './search.ts'

type Timeseries = WireOutput<'analytics', 'timeseries'>
type Summary = WireOutput<'analytics', 'summary'>

const GROUPS = 10

const route = getRouteApi('/in/p/$projectId/analytics/')

export function Page() {
  const { trpc } = useProject()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const span = spanOf(search)
  const groupBy = search.groupBy ?? 'domain'
  const mails = { since: span.since, until: span.until, stream: search.stream }
  const series = useQuery({
    ...trpc.analytics.timeseries.queryOptions({
      ...mails,
      granularity: granularityOf(search, span),
      timeZone: zoneOf(search),
      groupBy,
      groups: GROUPS,
    }),
    placeholderData: keepPreviousData,
  })
  const summary = useQuery({ ...trpc.analytics.summary.queryOptions(mails), placeholderData: keepPreviousData })
  const change = (changed: NumberSearch) =>
    void navigate({ to: '.', search: { ...search, ...changed }, replace: true, resetScroll: false })
  return (
    <>
      <PageHeader title="Analytics" lead="What became of the mail of this project." />
      <NumberFilters
        search={search}
        span={span}
        onChange={change}
        onClear={() => void navigate({ to: '.', search: {}, replace: true })}
      />
      {series.data !== undefined && (
        <>
          <Shown series={series.data} summary={summary.data} />
          <Groups by={groupBy} groups={series.data.groups} query={series} onChange={(by) => change({ groupBy: by })} />
        </>
      )}
      {series.data === undefined && series.isError && (
        <ErrorState
          title="The numbers could not be loaded"
          error={series.error}
          onRetry={() => void series.refetch()}
        />
      )}
      {series.isPending && <Skeleton height={480} aria-busy />}
    </>
  )
}

const rateBefore = (before: { sent: number; failed: number }) =>
  before.sent + before.failed === 0 ? 'None before' : `${deliveryRate(before)} before`

function Shown({ series, summary }: { series: Timeseries; summary: Summary | undefined }) {
  const { total, points, granularity, timeZone } = series
  const before = summary?.previous.total
  const labelOf = labelsOf(granularity, timeZone)
  const tile = (name: string, of: 'accepted' | 'sent' | 'failed') => ({
    name,
    value: inFigures(total[of]),
    note: before === undefined ? ' ' : compared(total[of], before[of]),
  })
  return (
    <section aria-label="All of it">
      <NumberTiles
        tiles={[
          tile('Accepted', 'accepted'),
          tile('Sent', 'sent'),
          tile('Failed', 'failed'),
          {
            name: 'Delivery rate',
            value: deliveryRate(total),
            note: before === undefined ? ' ' : rateBefore(before),
          },
        ]}
      />
      <Outcomes
        points={points.map(({ start, date, ...numbers }) => ({
          key: start,
          label: labelOf({ start, date }),
          ...numbers,
        }))}
        unit={UNITS[granularity]}
        timeZone={timeZone}
        nothing="No mail was sent or failed in this time, so there is nothing to draw."
      />
    </section>
  )
}
