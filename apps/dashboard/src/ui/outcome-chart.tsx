import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import type { Point } from './outcome-table.tsx'

interface OutcomeChartProps {
  points: readonly Point[]
  /** In CSS pixels. */
  height: number
}

const SERIES = [
  { name: 'sent', label: 'Sent', color: 'light-dark(var(--mantine-color-horn-6), var(--mantine-color-horn-4))' },
  { name: 'failed', label: 'Failed', color: 'light-dark(#c2352c, #ff8d83)' },
]

/** Chrome lets one tab to every part of an SVG that listens for focus, and React listens at each layer of the chart. */
export function outOfTabOrder(chart: HTMLDivElement | null) {
  if (chart === null) return
  const observer = new MutationObserver(() => {
    for (const layer of chart.querySelectorAll('svg > g:not([tabindex])')) layer.setAttribute('tabindex', '-1')
  })
  observer.observe(chart, { childList: true, subtree: true })
  return () => observer.disconnect()
}

/** Mails by the time of their end. The table beside it says the same to those who do not see it. */
export default function OutcomeChart({ points, height }: OutcomeChartProps) {
  return (
    <div aria-hidden ref={outOfTabOrder}>
      <BarChart
        h={height}
        data={points.map(({ label, sent, failed }) => ({ label, sent, failed }))}
        dataKey="label"
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
