import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findBinaries } from './binaries.ts'
import { refusal, useHarness } from '../../test/harness.ts'
import { findUser, isRoot } from './user.ts'

const harness = useHarness()

test('a database of another major version is refused by naming POSTHORN_DATA_DIR and left as it is', async () => {
  const dataDir = harness.newDataDir()
  await mkdir(join(dataDir, 'postgres'), { recursive: true })
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
  const { setting, message } = await refusal(harness.start(dataDir))
  expect(setting).toBe('POSTHORN_DATA_DIR')
  expect(message).toMatch(
    /holds a database of PostgreSQL 17, and this is PostgreSQL 18: set POSTHORN_DATA_DIR .*DATABASE_URL/,
  )
})

test('a data folder that cannot be made is refused by naming POSTHORN_DATA_DIR', async () => {
  await writeFile(join(harness.base, 'file'), '')
  const { setting, message } = await refusal(harness.start(join(harness.base, 'file', 'data')))
  expect(setting).toBe('POSTHORN_DATA_DIR')
  expect(message).toMatch(/^Cannot use the data folder .* \(a file is in the way\): set POSTHORN_DATA_DIR to/)
})

test('a server that does not start is reported with its last words', async () => {
  const dataDir = harness.newDataDir()
  const { stop, clusterDir } = await harness.start(dataDir)
  await stop()
  await appendFile(join(clusterDir, 'postgresql.conf'), `\nno_such_setting = 1\n`)
  const { message } = await refusal(harness.start(dataDir))
  expect(message).toMatch(/did not start \(.*FATAL: .*configuration file.*\): set DATABASE_URL/)
})

test('a platform without binaries is refused by naming DATABASE_URL', async () => {
  const { setting, message } = await refusal(findBinaries('linux-riscv64'))
  expect(setting).toBe('DATABASE_URL')
  expect(message).toMatch(/^There is no embedded PostgreSQL for linux-riscv64: set DATABASE_URL to/)
})

test('a folder that an ordinary user may not write to is refused by naming POSTHORN_DATA_DIR', async () => {
  const parent = join(harness.base, 'closed')
  await mkdir(parent, { mode: 0o555 })
  const nobody = isRoot() ? await findUser('nobody') : undefined
  const { answer } = await harness.startProcess(join(parent, 'data'), nobody?.uid)
  expect(answer.error).toMatchObject({
    setting: 'POSTHORN_DATA_DIR',
    message: expect.stringMatching(/\(permission denied\): set POSTHORN_DATA_DIR to a folder/),
  })
})
