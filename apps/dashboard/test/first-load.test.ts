import { beforeAll, expect, test } from 'vitest'
import { buildDashboard } from '../build.ts'
import { DASHBOARD_FOLDER } from '../built.ts'
import { firstLoads } from './first-load.ts'

const BUDGET_BYTES = 250_000

beforeAll(buildDashboard, 120_000)

test('every page is there with less than 250 kB of gzipped JavaScript', () => {
  const loads = firstLoads(DASHBOARD_FOLDER)
  const list = loads.map(({ page, bytes }) => `${(bytes / 1000).toFixed(1).padStart(7)} kB  ${page}`)
  console.log(`First load, gzipped:\n${list.join('\n')}`)
  expect(loads.length).toBeGreaterThan(20)
  expect(loads.filter(({ bytes }) => bytes > BUDGET_BYTES)).toEqual([])
})
