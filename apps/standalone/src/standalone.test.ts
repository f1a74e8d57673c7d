import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { testDatabase } from '@posthorn/testkit/database'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { call, runStandalone, type Greeted, type StandaloneProcess } from '../test/process.ts'
import { emptyFolder, makeFolder, start } from '../test/start.ts'

const run = promisify(execFile)

interface InboxPage {
  data: { id: string; subject: string; to: string[] }[]
}

const inboxOf = async (greeted: Greeted) => (await call<InboxPage>(greeted, '/v1/inbox')).data

describe('from one start to the next, a data folder', () => {
  const linkIn = (output: string) => /^Set up: (\S+\/setup#token=[\w-]{43})$/m.exec(output)?.[1] ?? ''
  let dataDir: string
  let running: StandaloneProcess | undefined
  let first: Greeted
  let olderLink: string

  /** Stops what runs, and starts it anew: each test goes on where the one before has ended. */
  async function startAgain(env: Record<string, string> = {}) {
    running?.child.kill('SIGINT')
    const code = await running?.exited
    running = runStandalone({ dataDir, env })
    return { code, greeted: await running.greeted, output: running.output() }
  }

  beforeAll(async () => {
    dataDir = await makeFolder()
    const { greeted, output } = await startAgain()
    first = greeted
    olderLink = linkIn(output)
  }, 60_000)

  afterAll(async () => {
    running?.child.kill('SIGTERM')
    await running?.exited
    await rm(dataDir, { recursive: true, force: true })
  })

  test('gets a master key that is made once, readable by its owner alone', async () => {
    expect((await readFile(join(dataDir, 'secret'), 'utf8')).trim()).toMatch(/^[\w-]{43}$/)
    const { stdout } = await run('stat', ['-c', '%a', join(dataDir, 'secret')])
    expect(stdout.trim()).toBe('600')
  })

  test('takes the mail of the printed curl line, and shows it in the inbox', async () => {
    expect(await inboxOf(first)).toEqual([])
    const { stdout } = await run('sh', ['-c', first.curl])
    expect(JSON.parse(stdout)).toMatchObject({
      success: true,
      captured: true,
      emails: [{ contact: { email: 'ada@example.com' } }],
    })
    await vi.waitFor(async () =>
      expect(await inboxOf(first)).toMatchObject([{ subject: 'Hello', to: ['ada@example.com'] }]),
    )
  })

  test('goes on under another master key, which says why it shows no secret key', { timeout: 30_000 }, async () => {
    const POSTHORN_SECRET = 'another master key of thirty-two characters'
    const { code, greeted, output } = await startAgain({ POSTHORN_SECRET })
    expect(code).toBe(0)
    expect(greeted).toMatchObject({ publicKey: first.publicKey, secretKey: '' })
    expect(output).toContain('works, but cannot be shown: it was made under another master key (POSTHORN_SECRET)')
    // The key itself still works.
    expect(await inboxOf({ ...greeted, secretKey: first.secretKey })).toHaveLength(1)
  })

  test('keeps its keys, its mail and its master key', { timeout: 30_000 }, async () => {
    const secret = await readFile(join(dataDir, 'secret'), 'utf8')
    const { greeted } = await startAgain()
    expect([greeted.secretKey, greeted.publicKey]).toEqual([first.secretKey, first.publicKey])
    expect(await inboxOf(greeted)).toHaveLength(1)
    expect(await readFile(join(dataDir, 'secret'), 'utf8')).toBe(secret)
  })

  test(
    'has a link to the first account, a new one each time, until that account is made',
    { timeout: 30_000 },
    async () => {
      const { url } = await running!.greeted
      expect(olderLink).toMatch(new RegExp(`^${first.url}/setup#`))
      const signUp = (link: string) =>
        fetch(`${url}/auth/sign-up/email`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            name: 'Ada',
            email: 'ada@example.com',
            password: 'an umbrella for the moon',
            token: new URL(link).hash.replace('#token=', ''),
          }),
        })
      expect((await signUp(olderLink)).status).toBe(404)
      expect((await signUp(linkIn(running!.output()))).status).toBe(200)

      const { output } = await startAgain()
      expect(output).not.toContain('Set up:')
      for (const key of [first.secretKey, first.publicKey]) expect(output).not.toContain(key)
      expect(output).toContain('Settings › API keys')
    },
  )
})

test('a busy port is one sentence that names the setting', async () => {
  const busy = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void busy.close())
  await vi.waitFor(() => expect(busy.address()).not.toBeNull())
  const { port } = busy.address() as AddressInfo // Safe because it listens on TCP.
  const database = await testDatabase()
  onTestFinished(() => database.drop())
  for (const setting of ['PORT', 'INBOX_SMTP_PORT']) {
    // With a database that is there, since it is not what a port depends on.
    const standalone = start({
      dataDir: await emptyFolder(),
      env: { DATABASE_URL: database.connectionString, [setting]: String(port) },
    })
    expect(await standalone.exited).toBe(1)
    expect(standalone.output().trim()).toBe(`Port ${port} is in use by another program; set ${setting} to a free port.`)
  }
}, 60_000)

test('a word that it does not know starts nothing', async () => {
  const folder = await emptyFolder()
  const standalone = start({ dataDir: join(folder, 'data'), args: ['--port=1'] })
  expect(await standalone.exited).toBe(2)
  expect(standalone.output()).toMatch(/^“pnpm start” takes no “--port”: .*\.\n$/)
  expect(await readdir(folder)).toEqual([])
})

test('a data folder of another major version is refused with the setting to change', async () => {
  const dataDir = await emptyFolder()
  await mkdir(join(dataDir, 'postgres'))
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '14\n')
  const standalone = start({ dataDir })
  expect(await standalone.exited).toBe(1)
  expect(standalone.output()).toMatch(/POSTHORN_DATA_DIR/)
  expect(standalone.output().trim().split('\n')).toHaveLength(1)
})

test.runIf(process.getuid?.() === 0)('an unwritable data folder is refused with the setting to change', async () => {
  const dataDir = await emptyFolder()
  const standalone = start({ dataDir: join(dataDir, 'data'), uid: 65_534 })
  expect(await standalone.exited).toBe(1)
  expect(standalone.output()).toMatch(/POSTHORN_DATA_DIR/)
  expect(standalone.output().trim().split('\n')).toHaveLength(1)
})

test('a setting that makes no sense is one sentence that names it', async () => {
  const standalone = start({ dataDir: await emptyFolder(), env: { PORT: 'abc' } })
  expect(await standalone.exited).toBe(1)
  expect(standalone.output().trim()).toBe('The configuration is not usable. PORT: expected a port number.')
})

test('a database that refuses is one sentence that names the setting', async () => {
  const database = await testDatabase()
  onTestFinished(() => database.drop())
  const dataDir = await emptyFolder()
  const wrong = new URL(database.connectionString)
  wrong.password = 'hunter2'
  const missing = new URL(database.connectionString)
  missing.pathname = '/nowhere'
  const ends = [wrong, missing].map(async ({ href }) => {
    const standalone = start({ dataDir, env: { DATABASE_URL: href } })
    expect(await standalone.exited).toBe(1)
    expect(standalone.output().trim()).toMatch(
      /^The database in DATABASE_URL refuses \(.*\): check user, password .*\.$/,
    )
    expect(standalone.output()).not.toContain('hunter2')
  })
  await Promise.all(ends)
}, 30_000)
