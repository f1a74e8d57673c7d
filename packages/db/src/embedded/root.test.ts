import { chown, cp, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findBinaries, reachableBinaries } from './binaries.ts'
import { endStarter, query, refusal, useHarness } from '../../test/harness.ts'
import { findPostmaster } from './postmaster.ts'
import { run } from './program.ts'
import { chooseServerUser, findUser, isRoot } from './user.ts'

const harness = useHarness()

test.runIf(isRoot())('started as root, the server runs as another user, and that is said', async () => {
  const { clusterDir, notes } = await harness.start(harness.newDataDir())
  const { uid } = await stat(clusterDir)
  const server = await findPostmaster(clusterDir)
  expect(uid).not.toBe(0)
  expect((await stat(`/proc/${server?.pid}`)).uid).toBe(uid)
  expect(notes).toContainEqual(expect.stringMatching(/^PostgreSQL runs as the user \w+, because/))
})

test.runIf(isRoot())(
  'under a folder that only root can enter, data goes elsewhere, is said where, and is found again',
  async () => {
    const closed = join(harness.base, 'home of root')
    await mkdir(closed, { mode: 0o700 })
    const dataDir = harness.newDataDir(closed)
    const first = await harness.start(dataDir)
    expect(first.clusterDir.startsWith(harness.systemDir)).toBe(true)
    expect(first.notes).toContainEqual(expect.stringContaining(`The database is in ${first.clusterDir}`))
    await query(first.connectionString, 'create table kept as select 1 as value')
    await first.stop()

    const second = await harness.start(dataDir)
    expect(second).toMatchObject({ clusterDir: first.clusterDir, started: true })
    expect(await query(second.connectionString, 'select value from kept')).toEqual([{ value: 1 }])
    await second.stop()

    await rm(harness.systemDir, { recursive: true })
    expect((await refusal(harness.start(dataDir))).message).toMatch(/was kept in .*, which is gone/)
  },
)

test.runIf(isRoot())('programs that only root can reach are copied to where the server can run them', async () => {
  const closed = join(harness.base, 'programs of root')
  await mkdir(closed, { mode: 0o700 })
  const installed = await findBinaries()
  await cp(installed.root, join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
  const found = { ...installed, root: join(closed, 'native'), binDir: join(closed, 'native', 'bin') }
  const user = await chooseServerUser()

  const { binaries, copied } = await reachableBinaries(found, { user, systemDir: harness.systemDir })
  expect(copied).toBe(true)
  const { stdout } = await run(join(binaries.binDir, 'postgres'), ['--version'], { user })
  expect(stdout).toContain('PostgreSQL')
})

test.runIf(isRoot())(
  'what root starts in the folder of an ordinary user, that user can start later',
  async ({ skip }) => {
    const nobody = await findUser('nobody')
    const { copied } = await reachableBinaries(await findBinaries(), { user: nobody, systemDir: harness.systemDir })
    skip(copied, 'This checkout is under a folder that an ordinary user cannot enter.')
    const dataDir = harness.newDataDir()
    await mkdir(dataDir)
    await chown(dataDir, nobody?.uid ?? 0, nobody?.gid ?? 0)
    for (const uid of [undefined, nobody?.uid]) {
      const { child, answer } = await harness.startProcess(dataDir, uid)
      expect(answer).toMatchObject({ started: true })
      await endStarter(child)
    }
  },
)
