import { expect, test } from 'vitest'
import { counting, type SinkReport } from './counting.ts'

test('the moments reported are those of the messages asked for, however many arrive at once', () => {
  const reports: SinkReport[] = []
  const counter = counting((report) => reports.push(report))
  counter.arrived(3)
  counter.request({ from: 2, until: 5 })
  counter.arrived(1)
  expect(reports).toEqual([])
  const before = process.hrtime.bigint()
  counter.arrived(2)
  counter.arrived(4)
  expect(reports).toHaveLength(1)
  const [report] = reports
  if (report?.kind !== 'reached') throw new Error('It did not report an arrival')
  expect(BigInt(report.fromNs)).toBeGreaterThanOrEqual(before)
  expect(BigInt(report.untilNs)).toBeGreaterThanOrEqual(BigInt(report.fromNs))
  counter.request('count')
  expect(reports[1]).toEqual({ kind: 'count', count: 7 })
})
