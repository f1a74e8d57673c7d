import { STREAMS, type Lane, type Stream } from '@posthorn/outbox'
import { describe, expect, test } from 'vitest'
import { createFairShare, type Share } from './lanes.ts'

const lane = (projectId: string, stream: Stream = STREAMS.transactional): Lane => ({ projectId, stream, dueInMs: 0 })
const lanesOf = (count: number, stream: Stream = STREAMS.transactional) =>
  Array.from({ length: count }, (_, index) => lane(`${stream}-${index}`, stream))
const total = (shares: Share[]) => shares.reduce((sum, { limit }) => sum + limit, 0)
const projects = (shares: Share[]) => shares.map(({ lane }) => lane.projectId)
const countOf = (shares: Share[], stream: Stream) => shares.filter(({ lane }) => lane.stream === stream).length

test('a lane that is alone gets everything', () => {
  expect(createFairShare().divide([lane('a')], 20)).toEqual([{ lane: lane('a'), limit: 20 }])
})

test('every lane gets the same, however much waits in it', () => {
  const shares = createFairShare().divide([...lanesOf(3), ...lanesOf(1, STREAMS.campaign)], 20)
  expect(shares.map(({ limit }) => limit)).toEqual([5, 5, 5, 5])
})

describe.each([1, 2, 3, 7, 10, 20, 400])('with room for %i', (capacity) => {
  test.each([1, 2, 5, 19, 20, 21, 500])(
    'never more is asked for than there is room, with %i lanes of each kind',
    (count) => {
      const due = [...lanesOf(count, STREAMS.campaign), ...lanesOf(count), ...lanesOf(count, STREAMS.workflow)]
      const shares = createFairShare().divide(due, capacity)
      expect(total(shares)).toBeLessThanOrEqual(capacity)
      expect(shares.length).toBeGreaterThanOrEqual(Math.min(capacity, due.length) - Math.ceil(capacity / 10))
      expect(shares.every(({ limit }) => limit > 0)).toBe(true)
      expect(new Set(projects(shares)).size).toBe(shares.length)
    },
  )
})

test('where room is short, transactional mail goes first, and bulk mail keeps a tenth', () => {
  const due = [...lanesOf(50, STREAMS.campaign), ...lanesOf(50, STREAMS.workflow), ...lanesOf(50)]
  const shares = createFairShare().divide(due, 30)
  expect(countOf(shares, STREAMS.transactional)).toBe(27)
  expect(countOf(shares, STREAMS.workflow)).toBe(3)
})

test('with room for a single mail, it is transactional mail', () => {
  const shares = createFairShare().divide([lane('bulk', STREAMS.campaign), lane('reset')], 1)
  expect(projects(shares)).toEqual(['reset'])
})

test('bulk mail is not starved by a steady flow of transactional mail', () => {
  const share = createFairShare()
  const due = [...lanesOf(500), ...lanesOf(4, STREAMS.campaign)]
  const served = new Set(Array.from({ length: 4 }, () => projects(share.divide(due, 10))).flat())
  expect([...served].filter((name) => name.startsWith('2-'))).toHaveLength(4)
})

test('whoever was served longest ago comes first, so that everybody has a turn', () => {
  const share = createFairShare()
  const due = lanesOf(100)
  const served = Array.from({ length: 10 }, () => projects(share.divide(due, 10))).flat()
  expect(new Set(served).size).toBe(100)
})

test('a lane that comes anew does not wait for a whole round of the others', () => {
  const share = createFairShare()
  const crowd = lanesOf(100)
  for (let round = 0; round < 10; round += 1) share.divide(crowd, 10)
  expect(projects(share.divide([...crowd, lane('new')], 10))).toContain('new')
})
