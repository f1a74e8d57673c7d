import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { testDatabase } from '@posthorn/testkit/database'
import { expect, onTestFinished, test, vi } from 'vitest'
import { call, type Greeted } from '../test/process.ts'
import { emptyFolder, start } from '../test/start.ts'

const run = promisify(execFile)

interface InboxPage {
  data: { id: string; subject: string; to: string[] }[]
}

const inboxOf = async (greeted: Greeted) => (await call<InboxPage>(greeted, '/v1/inbox')).data

test(
  'the printed curl line sends a mail that the inbox shows, and a second start keeps everything',
  { timeout: 60_000 },
  async () => {
    const dataDir = await emptyFolder()
    const first = start({ dataDir })
    const greeted = await first.greeted
    const { stdout } = await run('sh', ['-c', greeted.curl])
    expect(JSON.parse(stdout)).toMatchObject({
      success: true,
      captured: true,
      emails: [{ contact: { email: 'ada@example.com' } }],
    })
    await vi.waitFor(async () =>
      expect(await inboxOf(greeted)).toMatchObject([{ subject: 'Hello', to: ['ada@example.com'] }]),
    )

    first.child.kill('SIGINT')
    expect(await first.exited).toBe(0)

    const second = start({ dataDir })
    const again = await second.greeted
    expect([again.secretKey, again.publicKey]).toEqual([greeted.secretKey, greeted.publicKey])
    expect(await inboxOf(again)).toHaveLength(1)
  },
)

test('a busy port is one sentence that names the setting', async () => {
  const busy = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void busy.close())
  await vi.waitFor(() => expect(busy.address()).not.toBeNull())
  const { port } = busy.address() as AddressInfo // Safe because it listens on TCP.
  const dataDir = await emptyFolder()
  for (const setting of ['PORT', 'INBOX_SMTP_PORT']) {
    const standalone = start({ dataDir, env: { [setting]: String(port) } })
    expect(await standalone.exited).toBe(1)
    expect(standalone.output().trim()).toBe(`Port ${port} is in use by another program; set ${setting} to a free port.`)
  }
}, 60_000)

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
  for (const { href } of [wrong, missing]) {
    const standalone = start({ dataDir, env: { DATABASE_URL: href } })
    expect(await standalone.exited).toBe(1)
    expect(standalone.output().trim()).toMatch(
      /^The database in DATABASE_URL refuses \(.*\): check user, password .*\.$/,
    )
    expect(standalone.output()).not.toContain('hunter2')
  }
}, 30_000)

test('the master key is made once, readable by its owner alone', { timeout: 30_000 }, async () => {
  const dataDir = await emptyFolder()
  const standalone = start({ dataDir })
  await standalone.greeted
  expect((await readFile(join(dataDir, 'secret'), 'utf8')).trim()).toMatch(/^[\w-]{43}$/)
  const { stdout } = await run('stat', ['-c', '%a', join(dataDir, 'secret')])
  expect(stdout.trim()).toBe('600')
})

test(
  'the start prints a link to the first account, a new one each time, until that account is made',
  { timeout: 60_000 },
  async () => {
    const dataDir = await emptyFolder()
    const linkIn = (output: string) => /^Set up: (\S+\/setup#token=[\w-]{43})$/m.exec(output)?.[1] ?? ''
    const first = start({ dataDir })
    const { url } = await first.greeted
    const older = linkIn(first.output())
    expect(older).toMatch(new RegExp(`^${url}/setup#`))
    first.child.kill('SIGINT')
    await first.exited

    const second = start({ dataDir })
    const again = await second.greeted
    const signUp = (link: string) =>
      fetch(`${again.url}/auth/sign-up/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          name: 'Ada',
          email: 'ada@example.com',
          password: 'an umbrella for the moon',
          token: new URL(link).hash.replace('#token=', ''),
        }),
      })
    expect((await signUp(older)).status).toBe(404)
    expect((await signUp(linkIn(second.output()))).status).toBe(200)
    second.child.kill('SIGINT')
    await second.exited

    const third = start({ dataDir })
    await third.greeted
    expect(third.output()).not.toContain('Set up:')
    for (const key of [again.secretKey, again.publicKey]) expect(third.output()).not.toContain(key)
    expect(third.output()).toContain('Settings › API keys')
  },
)
test('a start under another master key goes on, and says why it shows no secret key', { timeout: 30_000 }, async () => {
  const dataDir = await emptyFolder()
  const first = start({ dataDir })
  const { publicKey, secretKey } = await first.greeted
  first.child.kill('SIGTERM')
  expect(await first.exited).toBe(0)

  const second = start({ dataDir, env: { POSTHORN_SECRET: 'another master key of thirty-two characters' } })
  const again = await second.greeted
  expect(again).toMatchObject({ publicKey, secretKey: '' })
  expect(second.output()).toContain(
    'works, but cannot be shown: it was made under another master key (POSTHORN_SECRET)',
  )
  // The key itself still works.
  expect(await inboxOf({ ...again, secretKey })).toEqual([])
})
