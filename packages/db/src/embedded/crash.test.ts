import { spawn } from 'node:child_process'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { killGroup, query, useHarness } from '../../test/harness.ts'
import { findPostmaster } from './postmaster.ts'
import { isRoot } from './user.ts'

const harness = useHarness()

test('the server outlives a killed starter, and the next start joins it and ends it', async () => {
  const dataDir = await harness.usedDataDir()
  const { child, answer } = await harness.startProcess(dataDir)
  await killGroup(child)
  expect(await query(answer.connectionString, 'select 1 as one')).toEqual([{ one: 1 }])

  const next = await harness.start(dataDir)
  expect(next.started).toBe(false)
  await next.stop()
  expect(await findPostmaster(next.clusterDir)).toBeUndefined()
})

test('after a kill of everything the next start recovers what was committed', async () => {
  const dataDir = await harness.usedDataDir()
  const { child, answer } = await harness.startProcess(dataDir)
  await query(answer.connectionString, 'create table kept as select 1 as value')
  const server = await findPostmaster(join(dataDir, 'postgres'))
  await killGroup(child)
  process.kill(server?.pid ?? 0, 'SIGKILL')

  const next = await harness.start(dataDir)
  expect(next.started).toBe(true)
  expect(await query(next.connectionString, 'select value from kept')).toEqual([{ value: 1 }])
})

test('a first start that was killed half-way leaves nothing that the next one stumbles over', async () => {
  const dataDir = harness.newDataDir()
  const starting = harness.spawnStarter(dataDir)
  await vi.waitFor(async () => expect(await readdir(dataDir)).toContainEqual(expect.stringMatching(/draft/)), 10_000)
  await killGroup(starting)

  expect(await harness.start(dataDir)).toMatchObject({ started: true })
  expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.json', 'postgres.log'])
})

test('a server that is killed in use comes back under the same address', async () => {
  const { connectionString, clusterDir } = await harness.start(await harness.usedDataDir())
  const before = await findPostmaster(clusterDir)
  process.kill(before?.pid ?? 0, 'SIGKILL')

  await vi.waitFor(async () => expect(await query(connectionString, 'select 1 as one')).toEqual([{ one: 1 }]), 10_000)
  expect((await findPostmaster(clusterDir))?.pid).not.toBe(before?.pid)
})

test('a pid file that names a process which is no server is no obstacle', async () => {
  const dataDir = await harness.usedDataDir()
  const { stop, clusterDir } = await harness.start(dataDir)
  await stop()
  const { uid, gid } = await stat(clusterDir)
  const bystander = spawn('sleep', ['60'], isRoot() ? { uid, gid } : {})
  onTestFinished(() => void bystander.kill())
  const lines = [bystander.pid, clusterDir, 1, 1, '', '127.0.0.1', '0 0', 'ready', '']
  await writeFile(join(clusterDir, 'postmaster.pid'), lines.join('\n'))
  expect(await findPostmaster(clusterDir)).toBeUndefined()
  expect(await harness.start(dataDir)).toMatchObject({ started: true })
})

test('a database whose password file was lost opens with a new one', async () => {
  const dataDir = await harness.usedDataDir()
  const first = await harness.start(dataDir)
  await query(first.connectionString, 'create table kept as select 1 as value')
  await first.stop()
  await rm(join(dataDir, 'postgres.json'))

  const second = await harness.start(dataDir)
  expect(second.connectionString).not.toBe(first.connectionString)
  expect(await query(second.connectionString, 'select value from kept')).toEqual([{ value: 1 }])
})
