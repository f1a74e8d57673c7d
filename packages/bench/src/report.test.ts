import { expect, test } from 'vitest'
import { reportedRows } from './report.ts'
import { rows } from './rows.ts'
import { table } from './table.ts'

const results = {
  values: {
    posthorn: { acceptPerSecond: 8000, acceptP99: 20, memory: 400 },
    careful: { acceptPerSecond: 1600, acceptP99: 60, memory: 200 },
  },
  absences: { bullmq: { accept: 'no redis-server on the PATH' } },
}

function reported(row: string, peer: string) {
  return reportedRows(results).find((candidate) => candidate.row === row && candidate.peer === peer)
}

test('the ratio says how many times better Posthorn is, whichever direction is better', () => {
  expect(reported('accept, 50 connections', 'careful')?.ratio).toBe(5)
  expect(reported('accept p99', 'careful')?.ratio).toBe(3)
  expect(reported('idle memory', 'careful')?.ratio).toBe(0.5)
})

test('a target of a ratio is held against the peer, a bound against Posthorn itself', () => {
  expect(reported('accept, 50 connections', 'careful')).toMatchObject({ target: '≥ 4×', met: true })
  expect(reported('accept p99', 'careful')).toMatchObject({ target: '< 25 ms', met: true })
  expect(reported('idle memory', 'careful')).toMatchObject({ target: '< 350 MB', met: false })
})

test('what could not be measured is empty and says why', () => {
  expect(reported('accept, 50 connections', 'bullmq')).toEqual({
    row: 'accept, 50 connections',
    unit: 'req/s',
    posthorn: 8000,
    peer: 'bullmq',
    peerValue: null,
    ratio: null,
    target: '≥ 0.5×',
    met: null,
    note: 'no redis-server on the PATH',
  })
})

test('the table has one line for each number, with both peers beside Posthorn', () => {
  const lines = table(reportedRows(results)).split('\n')
  expect(lines).toHaveLength(rows.length + 1)
  expect(lines[1]).toMatch(/^accept, 50 connections +req\/s +8,000 +1,600 +5× +– +– +\(a\) ≥ 4× met, \(b\) ≥ 0.5×$/)
})
