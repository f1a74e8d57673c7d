import { findOperation, findPeopleOperation, isQuery, isStreamed, type Role } from '@posthorn/contracts'
import { hashToken, newId, newSetUpToken, newToken } from '@posthorn/services'
import { sql } from 'kysely'
import { call, type Answer } from './call.ts'
import { productMail, tokenIn } from './product-mail.ts'
import type { TestApi } from './start-test-api.ts'
import { rest } from './transports.ts'

/** What the people of tests sign in with. */
export const PASSWORD = 'an umbrella for the moon'

type Sent = Record<string, string>

/** What a tRPC call with a session answered. */
export interface SessionAnswer {
  status: number
  headers: Headers
  /** The code of the public table; undefined on success. */
  code: string | undefined
  message: string | undefined
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  output: any
}

export interface Browser {
  /** Its cookies by name, as it would send them. */
  cookies: Map<string, string>
  /** Posts to a path under /auth, as a page of ours does; without a body it reads. */
  auth(path: string, body?: object, headers?: Sent): Promise<Answer>
  /** Calls `noun.verb`, for a project when one is named. */
  trpc(name: string, input?: object, options?: { projectId?: string; headers?: Sent }): Promise<SessionAnswer>
  /** The same by whichever way the operation is offered to people: what takes or answers a file, over REST alone. */
  call(name: string, input?: Record<string, unknown>, options?: { projectId?: string }): Promise<SessionAnswer>
  /** The same browser, as it is now. */
  copy(): Browser
}

/** A browser with a page of ours open, and nobody signed in. */
export function openBrowser({ url }: Pick<TestApi, 'url'>, cookies = new Map<string, string>()): Browser {
  const headersWith = (extra: Sent): Sent => ({
    Origin: url,
    'Sec-Fetch-Site': 'same-origin',
    'User-Agent': 'Mozilla/5.0 (test)',
    ...(cookies.size > 0 && { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
    ...extra,
  })
  const keep = ({ headers }: Answer) => {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const at = pair.indexOf('=')
      if (attributes.includes('Max-Age=0')) cookies.delete(pair.slice(0, at))
      else cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
  }
  const browser: Browser = {
    cookies,
    async auth(path, body, headers = {}) {
      const method = body === undefined ? 'GET' : 'POST'
      const answer = await call(`${method} ${url}/auth${path}`, { body, headers: headersWith(headers) })
      keep(answer)
      return answer
    },
    async trpc(name, input = {}, { projectId, headers = {} } = {}) {
      const sent = headersWith({ ...(projectId !== undefined && { 'X-Project-Id': projectId }), ...headers })
      const reads = isRead(name)
      const search = reads ? `?input=${encodeURIComponent(JSON.stringify(input))}` : ''
      const answer = await call(`${reads ? 'GET' : 'POST'} ${url}/trpc/${name}${search}`, {
        body: reads ? undefined : input,
        headers: sent,
      })
      const { error, result } = answer.body
      const code: string | undefined = error?.data?.apiCode ?? error?.code
      return { ...answer, code, message: error?.message, output: result?.data }
    },
    async call(name, input = {}, options = {}) {
      const [noun = '', verb = ''] = name.split('.')
      const operation = findOperation(noun, verb)
      if (operation === undefined || !isStreamed(operation)) return browser.trpc(name, input, options)
      const headers = headersWith(options.projectId === undefined ? {} : { 'X-Project-Id': options.projectId })
      const answer = await rest(url, { operation, input, headers })
      // As tRPC has it, which knows no kinds of success.
      if (answer.code === undefined) return { ...answer, status: 200 }
      return { ...answer, output: undefined }
    },
    copy: () => openBrowser({ url }, new Map(cookies)),
  }
  return browser
}

function isRead(name: string): boolean {
  const [noun = '', verb = ''] = name.split('.')
  const operation = findOperation(noun, verb)
  return operation === undefined ? findPeopleOperation(noun, verb)?.call === 'query' : isQuery(operation)
}

const succeeded = (answer: Answer) => {
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
}

export interface Somebody {
  browser: Browser
  userId: string
  email: string
}

async function whoIs(browser: Browser): Promise<Somebody> {
  const { output, code, message } = await browser.trpc('account.get')
  if (code !== undefined) throw new Error(`${code} ${message}`)
  return { browser, userId: output.id, email: output.email }
}

/** Makes the first account, which owns the instance and all projects that exist by now. */
export async function setUp(api: TestApi, { email = `owner-${newId()}@example.com`, name = 'Olive Owner' } = {}) {
  const token = await newSetUpToken(api.db)
  const browser = openBrowser(api)
  succeeded(await browser.auth('/sign-up/email', { name, email, password: PASSWORD, token }))
  return whoIs(browser)
}

/** Follows the link that shows that the address of the first account is its owner’s. */
export async function confirmAddress(api: TestApi, { browser, email }: Pick<Somebody, 'browser' | 'email'>) {
  const token = tokenIn(await productMail(api, email, 'Confirm your address'))
  succeeded(await browser.auth('/confirm-address', { token }))
}

/** Somebody new who works on a project, by an invitation of which no mail is sent. */
export async function newMember(
  api: TestApi,
  { projectId, role, email = `${role}-${newId()}@example.com`, name = 'Max Member' }: NewMember,
): Promise<Somebody> {
  const token = newToken()
  await api.db
    .insertInto('invitations')
    .values({
      project_id: projectId,
      id: newId(),
      email,
      role,
      token_hash: hashToken(token),
      invited_by: null,
      expires_at: sql<Date>`now() + interval '1 day'`,
    })
    .execute()
  const browser = openBrowser(api)
  succeeded(await browser.auth('/sign-up/email', { name, email, password: PASSWORD, token }))
  return whoIs(browser)
}

interface NewMember {
  projectId: string
  role: Role
  email?: string
  name?: string
}

/** Signs in, in a browser of its own unless one is given. */
export async function signIn(
  api: TestApi,
  { email, password = PASSWORD, browser = openBrowser(api) }: { email: string; password?: string; browser?: Browser },
): Promise<Browser> {
  succeeded(await browser.auth('/sign-in/email', { email, password }))
  return browser
}

/** Makes the last proof of all sessions of somebody too old for what asks for one. */
export async function forgetProof({ db }: TestApi, userId: string): Promise<void> {
  await sql`update auth.sessions set proven_at = now() - interval '16 minutes' where user_id = ${userId}`.execute(db)
}
