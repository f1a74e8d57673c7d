import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import { outOfTabOrder } from '../../ui/outcome-chart.tsx'

interface DaysChartProps {
  days: readonly { day: string; count: number }[]
  /** In CSS pixels. */
  height: number
}

const SERIES = [
  { name: 'count', label: 'Events', color: 'light-dark(var(--mantine-color-horn-6), var(--mantine-color-horn-4))' },
]

/** Events by the day on which they were reported. The words beside it say the most of it to those who do not see it. */
export default function DaysChart({ days, height }: DaysChartProps) {
  return (
    <div aria-hidden ref={outOfTabOrder}>
      <BarChart
        h={height}
        data={[...days]}
        dataKey="day"
        series={SERIES}
        maxBarWidth={28}
        tickLine="none"
        yAxisProps={{ allowDecimals: false, width: 44 }}
        xAxisProps={{ minTickGap: 24, interval: 'equidistantPreserveStart' }}
        barChartProps={{ accessibilityLayer: false }}
        valueFormatter={(value) => value.toLocaleString('en')}
      />
    </div>
  )
}
