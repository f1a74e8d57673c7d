import type { Role } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { createProject, hashToken, newId, newSetUpToken, newToken, type NewProject } from '@posthorn/services'
import { sql } from 'kysely'
import type { BrowserContext } from 'playwright-core'
import type { Posthorn } from './start.ts'

/** What everybody in the stories signs in with. */
export const PASSWORD = 'an umbrella for the moon'

export interface Somebody {
  name: string
  email: string
}

export const OLIVE: Somebody = { name: 'Olive Owner', email: 'olive@example.com' }

/** A project that the first account comes to own, when it is made after it. */
export const newProject = ({ runtime }: Posthorn, name: string): Promise<NewProject> => createProject(runtime, name)

/** Makes the first account, which owns the instance and all projects that exist by now. */
export async function setUp(posthorn: Posthorn, who = OLIVE): Promise<void> {
  await signUp(posthorn, who, await newSetUpToken(posthorn.db))
  // As if the link in the mail had been followed.
  await sql`update auth.users set email_verified = true`.execute(posthorn.db)
}

/** Makes an account that works on a project, by an invitation of which no mail is sent. */
export async function join(
  posthorn: Posthorn,
  { projectId, role, ...who }: Somebody & { projectId: string; role: Role },
): Promise<Somebody> {
  const token = newToken()
  await posthorn.db
    .insertInto('invitations')
    .values({
      project_id: projectId,
      id: newId(),
      email: who.email,
      role,
      token_hash: hashToken(token),
      invited_by: null,
      expires_at: sql<Date>`now() + interval '1 day'`,
    })
    .execute()
  await signUp(posthorn, who, token)
  return who
}

async function signUp({ url }: Posthorn, who: Somebody, token: string | undefined): Promise<void> {
  const answer = await fetch(`${url}/auth/sign-up/email`, {
    method: 'POST',
    headers: { Origin: url, 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...who, password: PASSWORD, token }),
  })
  if (!answer.ok) throw new Error(`Signing up: ${answer.status} ${await answer.text()}`)
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

/** What has signed people in before, by their address. */
const kept = new WeakMap<Db, Map<string, Cookies>>()

/**
 * Signs in in this browser, without looking at the page that asks for it. Hashing a password is slow on purpose, so it
 * goes on with the session of an earlier browser of theirs while there is one; `signInAnew` begins another.
 */
export async function signIn(posthorn: Posthorn, browser: BrowserContext, who: Somebody): Promise<void> {
  const cookies = kept.get(posthorn.db)?.get(who.email)
  if (cookies !== undefined) {
    await browser.addCookies(cookies)
    const answer = await browser.request.get('/trpc/account.get?input={}')
    if (answer.ok() && (await answer.json()).result?.data?.email === who.email) return
    await browser.clearCookies()
  }
  await signInAnew(posthorn, browser, who)
  const byPerson = kept.get(posthorn.db) ?? new Map<string, Cookies>()
  kept.set(posthorn.db, byPerson.set(who.email, await browser.cookies()))
}

/** Signs in in this browser with a session of its own. */
export async function signInAnew({ url }: Posthorn, browser: BrowserContext, { email }: Somebody): Promise<void> {
  const data = { email, password: PASSWORD }
  const answer = await browser.request.post('/auth/sign-in/email', { data, headers: { Origin: url } })
  if (!answer.ok()) throw new Error(`Signing in: ${answer.status()} ${await answer.text()}`)
}

/** Makes the last proof of all sessions too old for what asks for one. */
export async function forgetProofs(posthorn: Posthorn): Promise<void> {
  // Whoever signs in from now on has given the password just then.
  kept.delete(posthorn.db)
  await sql`update auth.sessions set proven_at = now() - interval '16 minutes'`.execute(posthorn.db)
}
