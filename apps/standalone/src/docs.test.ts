import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { SCOPES } from '@posthorn/contracts'
import { connect } from '@posthorn/db'
import { createProject, createRuntime, invoke, newId, systemActor } from '@posthorn/services'
import { testDatabase, testMailbox } from '@posthorn/testkit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { allBlocks, asPattern, codeAt, PAGES, pageText, ROOT } from '../test/pages.ts'
import { call, runStandalone, type Greeted, type StandaloneProcess } from '../test/process.ts'
import { installPackages, newReader, type Reader } from '../test/reader.ts'
import { startShell } from '../test/shell.ts'
import { MISTAKE, SNIPPETS, type Snippet } from '../test/snippets.ts'

/** Blocks that no test runs, each with its reason. */
const NOT_RUN: Record<string, string> = {
  'README.md: curl · Plunk clients · SDK · tRPC': 'A picture.',
  'docs/getting-started.md: git clone <this repository> posthorn && cd posthorn':
    'It downloads every package; the script behind its last line starts the server of this test.',
  'README.md: npx --yes pnpm@12 test': 'It would run this test again.',
  'packages/sdk/README.md: npm install @posthorn/sdk': 'The package is not on npm yet.',
  "docs/live.md: import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'":
    'It needs a page with a session. The stories in a browser have one.',
  "docs/events.md: import { createTracker } from '@posthorn/sdk/browser'": 'The stories in a browser run it.',
  'docs/events.md: navigator.sendBeacon(': 'The stories in a browser run it.',
}

/** Blocks that tests below run or compare, apart from the programs. */
const TESTED = {
  start: 'README.md: npx --yes pnpm@12 start',
  curl: [
    'README.md: export POSTHORN_KEY=sk_ph_…        # the secret key that was printed',
    'docs/getting-started.md: export POSTHORN_KEY=sk_ph_…        # the secret key that was printed',
  ],
  python: 'README.md: import json, os, urllib.request',
  greeting: 'docs/getting-started.md: Posthorn runs at http://localhost:3000',
  track: 'docs/getting-started.md: curl -s http://localhost:3000/v1/track \\',
  imported: `docs/imports.md: printf 'email,plan\\nada@import.example,pro\\n' > people.csv`,
  relay: `docs/getting-started.md: SMTP_URL='smtp://user:password@mail.example.com:587' npx --yes pnpm@12 start`,
  trust: `docs/getting-started.md: alias pnpm='npx --yes pnpm@12'     # unless pnpm is installed`,
  production: `docs/getting-started.md: export DATABASE_URL=postgres://… POSTHORN_SECRET="$(openssl rand -base64 32)" SMTP_URL=smtp://…`,
  install: 'docs/sdk.md: cd packages/sdk && npm pack            # makes posthorn-sdk-0.1.0.tgz',
  compilerOptions: 'docs/trpc.md: {',
  refusal: 'docs/errors.md: {',
  mistake: [MISTAKE.at, MISTAKE.report],
  project: 'docs/keys.md: pnpm posthorn project create --name "My app"',
  keys: [
    ['docs/keys.md: pnpm posthorn key create --name "Nightly report" \\', /Scopes +emails:send emails:read\n/],
    ['docs/keys.md: pnpm posthorn key regenerate KEY_ID', /The old key \S+ is dead\./],
    ['docs/keys.md: pnpm posthorn key regenerate KEY_ID --overlap 24h', /The old key \S+ works until /],
    ['docs/keys.md: pnpm posthorn key reveal KEY_ID', /Key +sk_ph_\w{38}\n/],
    ['docs/keys.md: pnpm posthorn key revoke KEY_ID', /The key Old \(\S+\) is dead since /],
  ] as [at: string, answer: RegExp][],
  setUp: 'docs/accounts.md: pnpm posthorn setup-link',
  members: 'docs/projects.md: pnpm posthorn member add ada@example.com --role admin --project "My app"',
  deletion: 'docs/projects.md: pnpm posthorn project delete "My app" --yes "My app"',
  rescue: 'docs/accounts.md: pnpm posthorn account list',
  audit: `docs/keys.md: select at, action, actor, target, detail, ip from audit_log where project_id = '…' order by id desc limit 50;`,
}

interface CommandLine {
  run(args: string[], surroundings: object): Promise<number>
}

const lacks = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0

let reader: Reader
let standalone: StandaloneProcess
let greeted: Greeted
/** A key that may do everything, and is not the one that was greeted with. */
let everything: string

beforeAll(async () => {
  reader = newReader()
  const dataDir = join(reader.home, 'data')
  standalone = runStandalone({ dataDir, env: reader.env, command: codeAt(TESTED.start) })
  ;[greeted] = await Promise.all([standalone.greeted, lacks('npm') ? undefined : installPackages(reader)])
  const scopes = SCOPES.map((scope) => `--scope ${scope}`).join(' ')
  const made = await reader.shell(`pnpm posthorn key create --name Docs --json ${scopes}`, {
    env: { POSTHORN_DATA_DIR: dataDir },
  })
  everything = JSON.parse(made).key
}, 60_000)

afterAll(async () => {
  standalone.child.kill('SIGTERM')
  await standalone.exited
  reader.leave()
})

/** The pages speak of a usual port, of placeholders and of a server on the net; the test has its own. */
const here = (code: string) =>
  code
    .replaceAll(/http:\/\/localhost:3000|https:\/\/mail\.example\.com/g, greeted.url)
    .replaceAll('sk_ph_…', greeted.secretKey)
    .replaceAll('pk_ph_…', greeted.publicKey)

test('every block of the pages is run, compared, or not for a reason, and none is named that is not there', () => {
  const named = [...Object.values(TESTED).flat(2), ...SNIPPETS.map(({ at }) => at), ...Object.keys(NOT_RUN)]
  const blocks = allBlocks().map(({ at }) => at)
  expect(named.filter((at) => typeof at === 'string').toSorted()).toEqual(blocks.toSorted())
})

test('the command that tests is one of the workspace', () => {
  expect(JSON.parse(pageText('package.json')).scripts).toMatchObject({ test: 'vitest run' })
})

describe('getting started', () => {
  test('shows what a start prints', () => {
    for (const line of here(codeAt(TESTED.greeting)).trim().split('\n')) {
      expect(standalone.output()).toMatch(asPattern(line.replace('2525', '…')))
    }
  })

  const subjects = async () =>
    (await call<{ data: { subject: string }[] }>(greeted, '/v1/inbox?limit=100')).data.map(({ subject }) => subject)

  test.skipIf(lacks('curl')).each(TESTED.curl)('%s … sends a mail and reads it', async (at) => {
    const before = (await subjects()).length
    const printed = await reader.shell(here(codeAt(at)), { env: { POSTHORN_KEY: greeted.secretKey } })
    expect(printed).toMatch(/"success":true.*"hasMore":/s)
    await vi.waitFor(async () => expect(await subjects()).toHaveLength(before + 1))
  })

  test.skipIf(lacks('python3'))('sends from Python', async () => {
    const program = `python3 - <<'END'\n${here(codeAt(TESTED.python))}\nEND`
    expect(await reader.shell(program, { env: { POSTHORN_KEY: greeted.secretKey } })).toContain("'success': True")
  })

  test.skipIf(lacks('curl'))('reports an event with the public key', async () => {
    const printed = await reader.shell(here(codeAt(TESTED.track)), {
      env: { POSTHORN_PUBLIC_KEY: greeted.publicKey },
    })
    expect(JSON.parse(printed)).toMatchObject({ success: true })
  })

  test.skipIf(lacks('curl'))('imports a file of contacts', async () => {
    const printed = await reader.shell(here(codeAt(TESTED.imported)), { env: { POSTHORN_KEY: greeted.secretKey } })
    const { importId } = JSON.parse(printed)
    const imported = () => call<{ status: string; counts: object }>(greeted, `/v1/imports/${importId}`)
    await vi.waitFor(async () =>
      expect(await imported()).toMatchObject({ status: 'succeeded', counts: { created: 1 } }),
    )
  })

  test('sends out through a relay, from the domain that was trusted', { timeout: 60_000 }, async () => {
    const mailbox = await testMailbox({ auth: { user: 'user', pass: 'password' } })
    onTestFinished(() => mailbox.close())
    const command = codeAt(TESTED.relay).replace('mail.example.com:587', `127.0.0.1:${mailbox.port}`)
    const database = await testDatabase()
    onTestFinished(() => database.drop())
    const dataDir = join(reader.home, 'relayed')
    const env = { ...reader.env, DATABASE_URL: database.connectionString }
    const relayed = runStandalone({ dataDir, env, command })
    onTestFinished(async () => {
      relayed.child.kill('SIGTERM')
      await relayed.exited
    })
    const there = await relayed.greeted
    await reader.shell(codeAt(TESTED.trust), { env: { ...env, POSTHORN_DATA_DIR: dataDir } })
    await call(there, '/v1/send', { to: 'ada@example.com', subject: 'Hello', text: 'Hello' })
    expect(await mailbox.waitFor(1)).toMatchObject([{ from: 'hello@example.com', user: 'user' }])
  })

  test.skipIf(lacks('openssl'))('runs API and worker on their own', { timeout: 60_000 }, async () => {
    await using database = await testDatabase()
    const script = codeAt(TESTED.production)
      .replace('postgres://…', database.connectionString)
      .replace('smtp://…', 'smtp://127.0.0.1:9')
      .replaceAll(/^node_modules.*$/gm, '$& &')
    await using processes = startShell(`${script}\nwait`, { ...reader.env, PORT: '0' })
    const { port } = await processes.logged(({ msg }) => msg === 'listening')
    await processes.logged(({ app }) => app === 'worker')
    for (const path of ['/health', '/ready']) {
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(200)
    }
  })
})

test('a refusal has the fields of the one that is shown, and says the same', async () => {
  const shown = JSON.parse(codeAt(TESTED.refusal))
  const response = await fetch(`${greeted.url}/v1/send`, {
    method: 'POST',
    headers: { authorization: `Bearer ${greeted.secretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ to: [{ email: 'ada@' }], subject: 'Hello', text: 'Hello' }),
  })
  expect(await response.json()).toEqual({
    ...shown,
    error: { ...shown.error, requestId: expect.any(String) },
    timestamp: expect.any(String),
  })
})

// At the same time, since each waits for commands that wait for a database.
describe.concurrent('the pages', () => {
  test(
    'about keys show commands that work, and a query that reads what they did',
    { timeout: 60_000 },
    async ({ onTestFinished }) => {
      await using database = await testDatabase()
      const env = { DATABASE_URL: database.connectionString, POSTHORN_SECRET: 'a secret of thirty-two characters' }
      expect(await reader.shell(codeAt(TESTED.project), { env })).toMatch(/^Project +My app\n/)
      const connection = connect(database.connectionString, { poolSize: 1 })
      onTestFinished(() => connection.close())
      const { db } = connection
      const runtime = createRuntime({ db, secret: env.POSTHORN_SECRET, captures: true })
      onTestFinished(() => runtime.close())
      const [project] = await db.selectFrom('projects').select('id').execute()
      const ctx = { db, runtime, actor: systemActor(project?.id ?? ''), requestId: newId() }
      const shown = TESTED.keys.map(async ([at, answer]) => {
        const { id } = await invoke(ctx, ['keys', 'create'], { name: 'Old' })
        expect(await reader.shell(codeAt(at).replace('KEY_ID', id), { env })).toMatch(answer)
      })
      await Promise.all(shown)
      const client = connection.openClient()
      await client.connect()
      const { rows } = await client.query(codeAt(TESTED.audit).replace('…', project?.id ?? ''))
      await client.end()
      expect(rows.map(({ action }) => action)).toEqual(
        expect.arrayContaining(['key.revoked', 'key.revealed', 'key.regenerated', 'key.created', 'project.created']),
      )
    },
  )

  test(
    'of accounts and projects show commands that work, and what they did is kept',
    { timeout: 60_000 },
    async ({ onTestFinished }) => {
      await using database = await testDatabase()
      const env = { DATABASE_URL: database.connectionString, POSTHORN_SECRET: 'a secret of thirty-two characters' }
      const connection = connect(database.connectionString, { poolSize: 1 })
      onTestFinished(() => connection.close())
      const runtime = createRuntime({ db: connection.db, secret: env.POSTHORN_SECRET, captures: true })
      onTestFinished(() => runtime.close())
      const { project } = await createProject(runtime, 'My app')
      const [link, members] = await Promise.all(
        [TESTED.setUp, TESTED.members].map((at) => reader.shell(codeAt(at), { env })),
      )
      expect(link).toMatch(/http\S+\/setup#token=[\w-]{43}\n/)
      expect(members).toMatch(/ada@example\.com.*admin/s)
      const ada = { name: 'Ada', email: 'ada@example.com', email_verified: false, image: null }
      await connection.db.insertInto('auth.users').values(ada).execute()
      expect(await reader.shell(codeAt(TESTED.rescue), { env })).toMatch(
        /^ADDRESS.*\/reset-password#token=[\w-]{43}\n.*has no second factor.*is confirmed\.\n.*is signed out.*from now on\.\n$/s,
      )
      expect(await reader.shell(codeAt(TESTED.deletion), { env })).toMatch(/^My app has ended.* being deleted: /s)
      const acts = connection.db.selectFrom('audit_log').select('action').where('project_id', '=', project.id)
      expect((await acts.orderBy('id').execute()).map(({ action }) => action)).toEqual([
        'project.created',
        'member.invited',
        'member.invitation-revoked',
        'project.deleted',
      ])
    },
  )

  const commands = PAGES.flatMap((page) => [...pageText(page).matchAll(/`pnpm (posthorn [a-z ]+[a-z])/g)])

  test.each([...new Set(commands.map(([, command]) => command))])(
    'there is such a command as %s',
    async (command = '') => {
      // What `pnpm posthorn` runs, without a process for each, which others above have shown to start.
      const { run } = (await import(join(ROOT, 'apps/cli/src/run.ts'))) as CommandLine
      const output = new PassThrough({ encoding: 'utf8' })
      const surroundings = { stdin: process.stdin, stdout: output, stderr: output, env: {} }
      expect(await run([...command.split(' ').slice(1), '--help'], surroundings)).toBe(0)
      expect(output.read()).toContain(`Usage: ${command}`)
    },
  )
})

describe.skipIf(lacks('npm'))('the programs', () => {
  const fileOf = ({ at }: { at: string }) => `${at.replaceAll(/\W+/g, '-').slice(0, 80)}.ts`
  const programOf = ({ at, before = '', shows }: Snippet) =>
    here([before, codeAt(at), shows === undefined ? '' : `console.log(JSON.stringify(${shows[0]}))`].join('\n'))
  let reports: string[]

  beforeAll(async () => {
    const programs = [...SNIPPETS, MISTAKE].map((snippet) => [fileOf(snippet), programOf(snippet)])
    reports = await reader.compile(Object.fromEntries(programs))
  }, 60_000)

  test('hold the one mistake that is meant, and the compiler says what the page says', () => {
    expect(reports).toEqual([expect.stringMatching(asPattern(codeAt(MISTAKE.report)))])
    expect(reports[0]).toContain(fileOf(MISTAKE))
  })

  test.each(SNIPPETS)('$at … does what it says', async (snippet) => {
    const printed = await reader.run(fileOf(snippet), { POSTHORN_KEY: everything })
    if (snippet.prints !== undefined) expect(printed).toContain(snippet.prints)
    if (snippet.shows !== undefined) expect(JSON.parse(printed.trim().split('\n').at(-1)!)).toEqual(snippet.shows[1])
  })
})
