import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import { dayOf } from './day-words.ts'
import type { Stats } from './numbers.tsx'

interface DaysChartProps {
  days: Stats['days']
  /** In CSS pixels. */
  height: number
}

const SERIES = [
  { name: 'sent', label: 'Sent', color: 'light-dark(var(--mantine-color-horn-6), var(--mantine-color-horn-4))' },
  { name: 'failed', label: 'Failed', color: 'light-dark(#c2352c, #ff8d83)' },
]

/** Chrome lets one tab to every part of an SVG that listens for focus, and React listens at each layer of the chart. */
function outOfTabOrder(chart: HTMLDivElement | null) {
  if (chart === null) return
  const observer = new MutationObserver(() => {
    for (const layer of chart.querySelectorAll('svg > g:not([tabindex])')) layer.setAttribute('tabindex', '-1')
  })
  observer.observe(chart, { childList: true, subtree: true })
  return () => observer.disconnect()
}

/** Mails by the day of their end. The table beside it says the same to those who do not see it. */
export default function DaysChart({ days, height }: DaysChartProps) {
  return (
    <div aria-hidden ref={outOfTabOrder}>
      <BarChart
        h={height}
        data={days.map(({ date, sent, failed }) => ({ day: dayOf(date), sent, failed }))}
        dataKey="day"
        type="stacked"
        series={SERIES}
        withLegend
        legendProps={{ verticalAlign: 'top', height: 40, itemSorter: null }}
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
