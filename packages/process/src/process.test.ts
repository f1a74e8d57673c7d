import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test, vi } from 'vitest'
import { explainListenError, StartError } from './index.ts'

const MODULE = join(import.meta.dirname, 'index.ts')

/** What an app's `start` does; it can say words on stderr, and wait for a word on stdin. */
function run(start: string, { logLevel = 'info', drainLimitMs = 20_000 } = {}) {
  const script = `
    const { runProcess, StartError } = await import(${JSON.stringify(MODULE)})
    const say = (word) => process.stderr.write(word + '\\n')
    const heard = (word) => new Promise((resolve) =>
      process.stdin.on('data', (data) => String(data).includes(word) && resolve()))
    setInterval(() => {}, 1000)
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => setImmediate(() => say('got ' + signal)))
    await runProcess({ app: 'test', logLevel: '${logLevel}', drainLimitMs: ${drainLimitMs}, start: async (log) => { ${start} } })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr.on('data', (data) => (said += String(data)))
  const stdout = text(child.stdout)
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>
  return {
    child,
    said: () => said,
    waitFor: (word: string) => vi.waitUntil(() => said.includes(word), 10_000),
    tell: (word: string) => child.stdin.write(word),
    async end() {
      const [code, signal] = await exited
      const log = (await stdout).split('\n').filter(Boolean)
      return { code, signal, said, log: log.map((line) => JSON.parse(line) as Record<string, unknown>) }
    },
  }
}

const DRAINS = `return { stop: async () => { say('draining'); await heard('drained'); log.info('last words') } }`

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s lets the app finish, and its last line is in the log',
  async (signal) => {
    const app = run(`log.info('hello'); say('started'); ${DRAINS}`)
    await app.waitFor('started')
    app.child.kill(signal)
    await app.waitFor('draining')
    app.tell('drained')
    const { code, log } = await app.end()
    expect(code).toBe(0)
    expect(log).toMatchObject([{ app: 'test', pid: app.child.pid, msg: 'hello' }, { msg: 'last words' }])
  },
)

test('a second signal ends it at once', async () => {
  const app = run(`say('started'); ${DRAINS}`)
  await app.waitFor('started')
  app.child.kill('SIGINT')
  await app.waitFor('draining')
  app.child.kill('SIGTERM')
  expect(await app.end()).toMatchObject({ code: 130, signal: null })
})

test('a drain that never ends is cut short, and said so by a code of 1', async () => {
  const app = run(`say('started'); log.info('hello'); ${DRAINS}`, { drainLimitMs: 100 })
  await app.waitFor('started')
  app.child.kill('SIGTERM')
  expect(await app.end()).toMatchObject({ code: 1, said: expect.stringContaining('draining'), log: [{ msg: 'hello' }] })
})

test('a terminal that closes does not cut a drain short', async () => {
  const app = run(`say('started'); ${DRAINS}`)
  await app.waitFor('started')
  app.child.kill('SIGTERM')
  await app.waitFor('draining')
  app.child.kill('SIGHUP')
  await app.waitFor('got SIGHUP')
  app.tell('drained')
  expect(await app.end()).toMatchObject({ code: 0, log: [{ msg: 'last words' }] })
})

test('a signal during the start lets the start finish, then drains', async () => {
  const app = run(`say('starting'); await heard('go'); say('started'); return { stop: async () => say('stopped') }`)
  await app.waitFor('starting')
  app.child.kill('SIGTERM')
  await app.waitFor('got SIGTERM')
  app.tell('go')
  expect(await app.end()).toMatchObject({ code: 0, said: 'starting\ngot SIGTERM\nstarted\nstopped\n' })
})

test('a start that cannot work as configured ends with one sentence', async () => {
  const app = run(`log.warn('before'); throw new StartError('Port 1 is taken; set PORT.')`)
  expect(await app.end()).toMatchObject({ code: 1, said: 'Port 1 is taken; set PORT.\n' })
})

test('so does any error that names the setting to change', async () => {
  const app = run(`throw Object.assign(new Error('DATABASE_URL must be set.'), { setting: true })`)
  expect(await app.end()).toMatchObject({ code: 1, said: 'DATABASE_URL must be set.\n' })
})

test('a start that fails by a fault of ours says where', async () => {
  const app = run(`throw new TypeError('a fault')`)
  const { code, said } = await app.end()
  expect(code).toBe(1)
  expect(said).toMatch(/^TypeError: a fault\n {4}at /)
})

test.each([
  [
    'a drain that fails',
    `say('started'); return { stop: async () => { await heard('go'); throw new Error('stuck') } }`,
  ],
  ['a start that fails after a signal', `say('started'); await heard('go'); throw new Error('stuck')`],
])('%s is a fault in the log, and a code of 1', async (_, start) => {
  const app = run(start)
  await app.waitFor('started')
  app.child.kill('SIGTERM')
  await app.waitFor('got SIGTERM')
  app.tell('go')
  expect(await app.end()).toMatchObject({ code: 1, log: [{ level: 60, msg: 'fault', err: { message: 'stuck' } }] })
})

test.each([
  ['an error that nobody caught', `setImmediate(() => { throw new Error('lost') })`],
  ['a rejection that nobody caught', `setImmediate(() => void Promise.reject(new Error('lost')))`],
])('%s ends the app, and is in the log', async (_, fault) => {
  const { code, log } = await run(`${fault}; return { stop: async () => {} }`).end()
  expect(code).toBe(1)
  expect(log).toMatchObject([{ level: 60, msg: 'fault', err: { message: 'lost', stack: expect.any(String) } }])
})

test('what is below the level is not logged', async () => {
  const app = run(`log.info('no'); log.warn('yes'); say('started'); return { stop: async () => {} }`, {
    logLevel: 'warn',
  })
  await app.waitFor('started')
  app.child.kill('SIGTERM')
  expect(await app.end()).toMatchObject({ code: 0, log: [{ msg: 'yes' }] })
})

async function listenError(port: number, host: string): Promise<unknown> {
  const server = createServer()
  onTestFinished(() => void server.close())
  const [error] = (await Promise.race([
    once(server, 'error'),
    once(server.listen(port, host), 'listening'),
  ])) as unknown[]
  return error
}

test('a port that is in use is named, with the setting that picks another', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const explained = explainListenError(await listenError(port, '127.0.0.1'), { port, setting: 'INBOX_SMTP_PORT' })
  expect(explained).toBeInstanceOf(StartError)
  expect(explained).toMatchObject({
    message: `Port ${port} is in use by another program; set INBOX_SMTP_PORT to a free port.`,
  })
})

test.each(['192.0.2.1', 'no-such-host.invalid'])('a HOST of %s is named', async (host) => {
  const explained = explainListenError(await listenError(0, host), { port: 0, setting: 'PORT' })
  expect(explained).toMatchObject({ message: 'HOST is not an address of this machine; set HOST to one that is.' })
})

test('a forbidden port is named, and any other fault is left as it is', () => {
  const forbidden = Object.assign(new Error('listen EACCES'), { code: 'EACCES' })
  expect(explainListenError(forbidden, { port: 25, setting: 'PORT' })).toMatchObject({
    message: 'This user may not open port 25; set PORT to one above 1023.',
  })
  for (const other of [new Error('other'), Object.assign(new Error(), { code: 'EIO' }), 'text', undefined]) {
    expect(explainListenError(other, { port: 25, setting: 'PORT' })).toBe(other)
  }
})
