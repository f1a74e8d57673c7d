import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { call, runStandalone, type Greeted, type StandaloneProcess } from '../test/process.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')

let folder: string
let standalone: StandaloneProcess
let greeted: Greeted

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-readme-'))
  standalone = runStandalone({ dataDir: join(folder, 'data') })
  greeted = await standalone.greeted
})

afterAll(async () => {
  standalone.child.kill('SIGTERM')
  await standalone.exited
  await rm(folder, { recursive: true, force: true })
})

async function blocks(page: string, language: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8')
  return [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].flatMap(([, name, code]) =>
    name === language && code ? [code] : [],
  )
}

/** The pages speak of the default port; the test's server has another. */
const here = (code: string) => code.replaceAll('http://localhost:3000', greeted.url)

const subjects = async () =>
  (await call<{ data: { subject: string }[] }>(greeted, '/v1/inbox')).data.map(({ subject }) => subject)

test.each(['README.md', 'docs/getting-started.md'])('the curl lines of %s send a mail and read it', async (page) => {
  const script =
    (await blocks(page, 'sh')).find((code) => code.includes('/v1/send') && code.includes('/v1/inbox')) ?? ''
  const before = (await subjects()).length
  const commands = here(script.replaceAll(/^export .*$/gm, '')).replace('/v1/inbox', '/v1/inbox?limit=1')
  const { stdout } = await run('sh', ['-e', '-c', commands], {
    env: { ...process.env, POSTHORN_KEY: greeted.secretKey },
  })
  expect(stdout).toContain('"success":true')
  await vi.waitFor(async () => expect(await subjects()).toHaveLength(before + 1))
})

test('the curl line of the guide reports an event with the public key', async () => {
  const script = (await blocks('docs/getting-started.md', 'sh')).find((code) => code.includes('/v1/track')) ?? ''
  const env = { ...process.env, POSTHORN_PUBLIC_KEY: greeted.publicKey }
  const { stdout } = await run('sh', ['-e', '-c', here(script)], { env })
  expect(JSON.parse(stdout)).toMatchObject({ success: true })
})

test('the SDK snippet of the README sends a mail', async () => {
  const [snippet = ''] = await blocks('README.md', 'ts')
  const sdk = pathToFileURL(join(root, 'packages/sdk/src/index.ts')).href
  const file = join(folder, 'snippet.ts')
  await writeFile(file, here(snippet).replace("'@posthorn/sdk'", `'${sdk}'`))
  const before = (await subjects()).length
  await run(process.execPath, [file], { env: { ...process.env, POSTHORN_KEY: greeted.secretKey } })
  await vi.waitFor(async () => expect(await subjects()).toHaveLength(before + 1))
})

test('the two commands of the README are the ones that the workspace has', async () => {
  const commands = (await blocks('README.md', 'sh')).join('\n').match(/^npx --yes pnpm@12 (\w+)$/gm)
  expect(commands).toEqual(['npx --yes pnpm@12 start', 'npx --yes pnpm@12 test'])
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  expect(scripts).toMatchObject({ start: 'node apps/standalone/src/main.ts', test: 'vitest run' })
})
