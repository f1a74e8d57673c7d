import { Skeleton, Title } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useQuery } from '@tanstack/react-query'
import { useProject } from '../../shell/project-scope.ts'
import { deliveryRate, inFigures } from '../../ui/mail-rates.ts'
import { NumberTiles } from '../../ui/number-tiles.tsx'
import { Outcomes } from '../../ui/outcomes.tsx'
import { ownZone } from '../../ui/own-zone.ts'
import { ErrorState } from '../../ui/states.tsx'
import { dayOf } from './day-words.ts'

export type Stats = WireOutput<'stats', 'get'>

const DAYS = 30

/** The days are those of the viewer. */
export function useStats() {
  const { trpc } = useProject()
  return useQuery(trpc.stats.get.queryOptions({ days: DAYS, timeZone: ownZone() }))
}

/** What became of the mails of the last 30 days. */
export function Numbers() {
  const stats = useStats()
  return (
    <section aria-labelledby="numbers">
      <Title order={2} id="numbers" mb="sm">
        The last {DAYS} days
      </Title>
      {stats.data !== undefined && <Shown stats={stats.data} />}
      {stats.data === undefined && stats.isError && (
        <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />
      )}
      {stats.isPending && <Skeleton height={380} />}
    </section>
  )
}

function Shown({ stats: { total, days, timeZone } }: { stats: Stats }) {
  return (
    <>
      <NumberTiles
        tiles={[
          { name: 'Accepted', value: inFigures(total.accepted) },
          { name: 'Sent', value: inFigures(total.sent) },
          { name: 'Failed', value: inFigures(total.failed) },
          { name: 'Delivery rate', value: deliveryRate(total) },
        ]}
      />
      <Outcomes
        points={days.map(({ date, ...numbers }) => ({ key: date, label: dayOf(date), ...numbers }))}
        unit="Day"
        timeZone={timeZone}
        nothing="No mail was sent or failed in these days, so there is nothing to draw."
      />
    </>
  )
}
