import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')

const CLIENT = `import type { AppRouter } from '@posthorn/contracts'
import { createTRPCClient, httpBatchLink, type TRPCClientError } from '@trpc/client'

const posthorn = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: 'http://localhost:3000/trpc' })] })
const receipt = await posthorn.emails.send.mutate({ to: 'ada@example.com', subject: 'Hello', body: '<p>Hi</p>' })
export const id: string | undefined = receipt.emails[0]?.email
const email = await posthorn.emails.get.query({ id: id ?? '' })
export const createdAt: string = email.createdAt
export const isGone = (error: TRPCClientError<AppRouter>) => error.data?.apiCode === 'EMAIL_NOT_FOUND'
`

/** Type-checks a client in a folder that finds what an internal app would find. Answers what the compiler said. */
async function compile(source: string): Promise<string[]> {
  const cache = join(import.meta.dirname, '../node_modules/.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'typed-client-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'client.ts'), source)
  const config = { extends: relative(folder, join(ROOT, 'tsconfig.base.json')), files: ['client.ts'] }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const stdout = await new Promise<string>((resolve) => {
    execFile(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], (_, out) => resolve(out))
  })
  return stdout.split('\n').filter((line) => line.includes('error TS'))
}

test('a client that calls what there is compiles', async () => {
  expect(await compile(CLIENT)).toEqual([])
})

const MISTAKES: [line: string, diagnostic: RegExp][] = [
  [`posthorn.emails.send.mutate({ to: 5, subject: 'a' })`, /TS2322: Type 'number' is not assignable/],
  [`posthorn.emails.send.mutate({ subject: 'a' })`, /TS2741: Property 'to' is missing/],
  [`posthorn.emails.list.query({ stauts: 'sent' })`, /TS2561: .*'stauts' does not exist.*'status'/],
  [`posthorn.emails.list.query({ status: 'lost' })`, /TS2322: Type '"lost"'/],
  [`posthorn.emails.sned.mutate({})`, /TS2339: Property 'sned' does not exist/],
  [`posthorn.emails.cancel.query({ id: '' })`, /TS2339: Property 'query' does not exist/],
  [`email.createdAt satisfies Date`, /TS1360: Type 'string' does not satisfy the expected type 'Date'/],
  [`;(error: TRPCClientError<AppRouter>) => error.data?.apiCode === 'NO_SUCH_CODE'`, /TS2367: /],
]

test('the compiler finds each mistake of a client where it stands', async () => {
  const errors = await compile(`${CLIENT}${MISTAKES.map(([line]) => line).join('\n')}\n`)
  const first = CLIENT.split('\n').length
  const found = MISTAKES.map(([line], index) => ({
    line,
    errors: errors.filter((error) => error.includes(`client.ts(${first + index},`)),
  }))
  expect(found).toEqual(MISTAKES.map(([line, diagnostic]) => ({ line, errors: [expect.stringMatching(diagnostic)] })))
  expect(errors).toHaveLength(MISTAKES.length)
})
