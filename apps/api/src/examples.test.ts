import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

const FOLDER = join(import.meta.dirname, '../test/examples')

let api: TestApi

beforeAll(async () => {
  api = await startTestApi()
})

afterAll(() => api.stop())

const has = (program: string) => spawnSync(program, ['--version']).status === 0

/** Runs an example as its reader would, and reads the answers that it prints, one on a line. */
async function run(program: string, file: string, key: string) {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], POSTHORN_URL: api.url, POSTHORN_KEY: key }
  const { stdout } = await promisify(execFile)(program, [join(FOLDER, file)], { env })
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const EXAMPLES = [
  { program: '/bin/sh', file: 'curl.sh', needs: 'curl' },
  { program: process.execPath, file: 'fetch.mjs', needs: process.execPath },
  { program: 'python3', file: 'urllib_example.py', needs: 'python3' },
]

// What the machine lacks is a test that was skipped, and counted as such.
describe.each(EXAMPLES)('the example $file', ({ program, file, needs }) => {
  test.skipIf(!has(needs))('runs as it is written', async () => {
    const { secretKey } = await api.newProject()
    const [sent, tracked, listed] = await run(program, file, secretKey)
    expect(sent).toMatchObject({ success: true, captured: true, emails: [{ contact: { email: 'ada@example.com' } }] })
    expect(tracked).toMatchObject({ success: true, contact: sent.emails[0].contact.id, event: expect.any(String) })
    expect(listed.data).toMatchObject([{ id: sent.emails[0].email, subject: 'Hello', status: 'queued' }])
  })
})
