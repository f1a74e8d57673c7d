import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { findPostmaster } from '@posthorn/db/embedded/postmaster'
import pg from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startTestCluster } from './cluster.ts'

async function show(connectionString: string, setting: string): Promise<string> {
  const client = new pg.Client(connectionString)
  await client.connect()
  try {
    const { rows } = await client.query('select current_setting($1) as value', [setting])
    return rows[0].value
  } finally {
    await client.end()
  }
}

test('a killed run takes its server and its files with it, and an older folder goes with the next run', async () => {
  const script = `
    const { startTestCluster } = await import(process.argv[1])
    console.log((await startTestCluster()).adminConnectionString)
    setInterval(() => {}, 1000)`
  const args = ['--input-type=module', '--eval', script, join(import.meta.dirname, 'cluster.ts')]
  const run = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void run.kill('SIGKILL'))
  const [adminConnectionString] = await once(createInterface(run.stdout), 'line')
  const clusterDir = await show(adminConnectionString, 'data_directory')
  expect(await findPostmaster(clusterDir)).toBeDefined()
  run.kill('SIGKILL')
  await once(run, 'exit')

  const folder = dirname(clusterDir)
  await vi.waitFor(() => expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' }), 10_000)
  expect(await findPostmaster(clusterDir)).toBeUndefined()

  await mkdir(folder)
  const next = await startTestCluster()
  onTestFinished(() => next.stop())
  await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await show(next.connectionString, 'max_connections')).toBe('300')
})
