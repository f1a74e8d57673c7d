import { once } from 'node:events'
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@posthorn/db/embedded'
import { findPostmaster } from '@posthorn/db/embedded/postmaster'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { posthornHere } from '../test/posthorn-here.ts'
import { answerOf, exitOf, posthorn, spawnPosthorn } from '../test/posthorn-process.ts'

let base: string
let settings: { POSTHORN_DATA_DIR: string }

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'posthorn cli '))
  // The server's user may be another one.
  await chmod(base, 0o755)
  settings = { POSTHORN_DATA_DIR: join(base, 'data') }
})

afterAll(() => rm(base, { recursive: true, force: true }))

const json = async (args: string[]) => answerOf(await posthornHere([...args, '--json'], settings))
const server = () => findPostmaster(join(settings.POSTHORN_DATA_DIR, 'postgres'))

test(
  'in an empty folder the first command simply works, and all of it is there for the next',
  { timeout: 60_000 },
  async () => {
    const { project } = answerOf(await posthorn(['project', 'create', '--name', 'Acme', '--json'], settings))
    expect(await server()).toBeUndefined()
    expect((await stat(join(settings.POSTHORN_DATA_DIR, 'secret'))).mode & 0o777).toBe(0o600)

    expect(await json(['project', 'list'])).toEqual({ data: [{ ...project, deletion: null }] })
    const { data } = await json(['key', 'list'])
    const secret = data.find(({ kind }: { kind: string }) => kind === 'secret')
    expect((await json(['key', 'reveal', secret.id])).key).toMatch(/^sk_ph_/)
  },
)

test('doctor finds a newcomer’s instance well', async () => {
  const { code, stdout, stderr } = await posthornHere(['doctor', '--json'], settings)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { healthy, checks } = JSON.parse(stdout)
  expect(healthy).toBe(true)
  expect(checks.map(({ name, status }: { name: string; status: string }) => `${name} ${status}`)).toEqual(
    ['database', 'migrations', 'durability', 'clock', 'secret', 'queue', 'proxies', 'relays', 'smtp'].map(
      (name) => `${name} ok`,
    ),
  )
})

test('a database that runs already is used and left running', async () => {
  const running = await startEmbeddedPostgres({ dataDir: settings.POSTHORN_DATA_DIR })
  onTestFinished(() => running.stop())
  expect((await json(['project', 'list'])).data).toHaveLength(1)
  expect(await server()).toMatchObject({ port: Number(new URL(running.connectionString).port) })
})

test('a signal ends the command with its exit code, and the database with it', async () => {
  const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close())
  const SMTP_URL = `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const child = spawnPosthorn(['doctor'], { ...settings, SMTP_URL })
  await once(silent, 'connection')
  child.kill('SIGINT')
  expect(await exitOf(child)).toBe(130)
  expect(await server()).toBeUndefined()
})

test('a data folder that cannot be used is one sentence that names the setting', async () => {
  const { code, stderr } = await posthornHere(['project', 'list', '--json'], {
    POSTHORN_DATA_DIR: join(base, 'data', 'secret', 'x'),
  })
  expect(code).toBe(1)
  expect(JSON.parse(stderr).error).toEqual({
    code: 'CONFIGURATION',
    message: expect.stringContaining('POSTHORN_DATA_DIR'),
  })
})
