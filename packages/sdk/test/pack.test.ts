import { execFile } from 'node:child_process'
import {
  accessSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPretendServer } from './pretend-server.ts'

const sdk = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'posthorn-sdk-'))
const project = join(folder, 'a project')
const server = await startPretendServer()

// A fresh environment: what pnpm or npm set for this test run would be taken for settings by the npm below.
const env = {
  PATH: process.env['PATH'],
  HOME: folder,
  npm_config_cache: join(folder, 'cache'),
  npm_config_update_notifier: 'false',
  POSTHORN_URL: server.url,
}
const execute = promisify(execFile)
const run = (program: string, args: string[], cwd: string) => execute(program, args, { cwd, env })

/** The Node of the machine, and the one that runs this test. */
function nodes(): string[] {
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .filter((path) => !path.split(sep).includes('node_modules'))
    .map((path) => join(path, 'node'))
    .filter((path) => isExecutable(path))
  return [...new Set([...onPath.slice(0, 1), process.execPath].map((path) => realpathSync(path)))]
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

beforeAll(async () => {
  mkdirSync(project)
  await run('npm', ['pack', '--pack-destination', folder], sdk)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, tarball)], project)
  cpSync(join(import.meta.dirname, 'consumer'), project, { recursive: true })
}, 60_000)

afterAll(() => {
  server.stop()
  rmSync(folder, { recursive: true })
})

test('the package brings no other package along', () => {
  expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@posthorn'])
})

test.each(nodes())('the packed SDK works from modules and from CommonJS under %s', async (node) => {
  const { stdout } = await run(node, ['--test', '--test-reporter=tap', 'module.mjs', 'common.cjs'], project)
  expect(stdout).toContain('# pass 5\n')
  expect(stdout).toContain('# fail 0\n')
})

const RIGHT = `
import { Posthorn, PosthornError, type Email, type SendReceipt } from '@posthorn/sdk'
import { createTracker, type Tracker } from '@posthorn/sdk/browser'
const posthorn = new Posthorn({ apiKey: 'sk_ph_example', baseUrl: 'http://localhost:3000' })
export async function all(): Promise<Email[]> {
  const receipt: SendReceipt = await posthorn.emails.send({ to: ['ada@example.com', { email: 'b@example.com' }], subject: 'Hello', text: 'Hi', scheduledAt: new Date() })
  const emails: Email[] = []
  for await (const email of posthorn.emails.list({ status: 'sent' })) emails.push(email)
  await posthorn.keys.regenerate(receipt.emails[0]!.email, { overlap: '24h' })
  return emails
}
export const tracker: Tracker = createTracker({ url: 'http://localhost:3000', key: 'pk_ph_example' })
export const isMissing = (error: unknown) => error instanceof PosthornError && error.code === 'EMAIL_NOT_FOUND'
`
const WRONG = `
import { Posthorn } from '@posthorn/sdk'
const posthorn = new Posthorn({ apiKey: 'sk_ph_example', baseUrl: 'http://localhost:3000' })
export const misspelt = posthorn.emails.send({ to: 'ada@example.com', subjekt: 'Hello' })
export const noId = posthorn.emails.get(42)
export const noSuchState = posthorn.emails.list({ status: 'gone' })
export const keyedRead = posthorn.contacts.list({}, { idempotencyKey: 'k' })
`

/** What the compiler says to a foreign project, as file and line of each error. */
async function compile(files: Record<string, string>): Promise<string[]> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text)
  const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--target', 'es2022']
  const compiler = join(sdk, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run(process.execPath, [compiler, ...options, ...Object.keys(files)], project).catch(
    (error: { stdout: string }) => error,
  )
  return stdout.split('\n').flatMap((line) => /^(\S+)\((\d+),\d+\): error/.exec(line)?.slice(1).join(':') ?? [])
}

test('a foreign project gets types in both module systems, and an error for each mistake', async () => {
  const errors = await compile({ 'right.mts': RIGHT, 'right.cts': RIGHT, 'wrong.mts': WRONG })
  expect(errors).toEqual(['wrong.mts:4', 'wrong.mts:5', 'wrong.mts:6', 'wrong.mts:7'])
})
