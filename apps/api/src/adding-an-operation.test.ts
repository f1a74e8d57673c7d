import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { startApiProcess } from '../test/api-process.ts'
import { call } from '../test/call.ts'
import { startTestApi } from '../test/start-test-api.ts'
import { copyWorkspace } from '../test/workspace-copy.ts'

const CONTRACT = `
  count: {
    summary: 'Count the events that have a name',
    scope: 'events:read',
    rest: { method: 'GET', path: '/v1/events/count' },
    input: z
      .object({ name: z.string().describe('The name to count.') })
      .meta({ id: 'CountEvents', description: 'Which events to count.' }),
    output: z.object({ count: z.int() }).meta({ id: 'EventCount', description: 'How many events there are.' }),
  },
`

const IMPLEMENTATION = `
  async count({ db, actor }, { name }) {
    const { count } = await db
      .selectFrom('events')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .where('project_id', '=', actor.projectId)
      .where('name', '=', name)
      .executeTakeFirstOrThrow()
    return { count: Number(count) }
  },
`

const INPUT = `
    count: () => ({ name: 'opened-shop' }),
`

const TEST = `
test('events are counted by their name, and only those of the project', async () => {
  for (const name of ['opened', 'opened', 'closed']) await track(name)
  const other = await instance.project()
  await other.call(['events', 'track'], { event: 'opened', email: 'ada@example.com' })
  expect(await project.call(['events', 'count'], { name: 'opened' })).toEqual({ count: 2 })
})
`

/** An app that calls the operation in every typed way there is. */
const CLIENT = `
import type { AppRouter } from '@posthorn/contracts'
import { createTRPCClient, httpLink } from '@trpc/client'
import { Posthorn } from '../../../packages/sdk/src/index.ts'

const [url = '', apiKey = ''] = process.argv.slice(2)
const headers = { Authorization: \`Bearer \${apiKey}\` }
const trpc = createTRPCClient<AppRouter>({ links: [httpLink({ url: \`\${url}/trpc\`, headers })] })
const sdk = new Posthorn({ apiKey, baseUrl: url })
const counts: number[] = [
  (await trpc.events.count.query({ name: 'opened' })).count,
  (await sdk.events.count({ name: 'opened' })).count,
]
console.log(JSON.stringify(counts))
`

const beforeLast = (end: string, addition: string) => (text: string) => {
  const at = text.lastIndexOf(end)
  return text.slice(0, at) + addition + text.slice(at)
}

test('an operation is its contract, its implementation and its test; everything else follows by itself', async () => {
  const workspace = await copyWorkspace()
  const errors = async () => {
    // Several checkers would each work out again what most files share; and the second time, only what has changed since
    // the first is checked.
    const options = ['--pretty', 'false', '--checkers', '1', '--incremental', '--tsBuildInfoFile', '.tsbuildinfo']
    const { output } = await workspace.run('tsc', '-p', 'tsconfig.json', ...options)
    return output.split('\n').filter((line) => line.includes('error TS'))
  }

  await workspace.edit('packages/contracts/src/events.ts', beforeLast('})', CONTRACT))
  expect(await errors()).toEqual([
    expect.stringMatching(/^apps\/api\/test\/inputs\.ts.*'count' is missing/),
    expect.stringMatching(/^packages\/services\/src\/events\/events\.ts.*'count' is missing/),
  ])
  await workspace.edit('packages/services/src/events/events.ts', beforeLast('}', IMPLEMENTATION))
  await workspace.edit('packages/services/src/events/events.test.ts', (text) => text + TEST)
  await workspace.edit('apps/api/test/inputs.ts', (text) => text.replace('  events: {', (found) => found + INPUT))

  expect(await workspace.run('scripts/generate.ts')).toMatchObject({ status: 0 })
  await workspace.edit('apps/api/test/client.ts', () => CLIENT)
  expect(await errors()).toEqual([])
  const document = JSON.parse(await readFile(workspace.path('docs/openapi.json'), 'utf8'))
  expect(document.paths['/v1/events/count'].get).toMatchObject({
    operationId: 'events.count',
    'x-scope': 'events:read',
  })
  expect(await readFile(workspace.path('packages/sdk/api.md'), 'utf8')).toContain(
    'posthorn.events.count(query: CountEvents',
  )

  const api = await startTestApi()
  const { secretKey: key, publicKey } = await api.newProject()
  const server = await startApiProcess(api.databaseUrl, workspace.path('apps/api/src/main.ts'))
  const { url } = server
  for (const event of ['opened', 'opened', 'closed']) {
    await call(`POST ${url}/v1/track`, { key, body: { event, email: 'ada@example.com' } })
  }
  const counted = `GET ${url}/v1/events/count?name=opened`
  expect(await call(counted, { key })).toMatchObject({ status: 200, body: { count: 2 } })
  expect(await call(counted, { key: publicKey })).toMatchObject({
    status: 401,
    body: { error: { code: 'INVALID_API_KEY' } },
  })
  expect(await call(`GET ${url}/v1/events/count`, { key })).toMatchObject({
    status: 422,
    body: { error: { errors: [{ field: 'name' }] } },
  })
  expect(await workspace.run('apps/api/test/client.ts', url, key)).toEqual({ status: 0, output: '[2,2]\n' })
  await server.end('SIGTERM')
  await api.stop()

  const which = ['--project', 'services', '--project', 'api', 'src/events/', 'src/operations']
  const run = await workspace.run('vitest', 'run', ...which, '-t', 'events.(are )?count', '--reporter', 'verbose')
  expect(run).toMatchObject({ status: 0 })
  expect(run.output).toContain('events are counted by their name')
  expect(run.output).toContain('events.count refuses a public key')
}, 120_000)
