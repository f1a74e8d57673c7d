import { invoke, newId, systemActor, type Context, type NewProject } from '@posthorn/services'
import { sql } from 'kysely'
import type { BrowserContext } from 'playwright-core'
import { eventually } from '../posthorn/eventually.ts'
import { join, newProject, setUp, signIn } from '../posthorn/people.ts'
import { send } from '../posthorn/send.ts'
import type { Posthorn } from '../posthorn/start.ts'
import { CUSTOMERS, KINDS, OWNER, SHOP, TEAM, type Kind } from './content.ts'
import { giveHistory } from './history.ts'

export interface Filled extends NewProject {
  /** The id of another project, in which nothing has happened yet. */
  empty: string
  /** An email that waits, one that failed, and one that arrived; the last with its message in the inbox. */
  emails: { waiting: string; failed: string; sent: string }
  messageId: string
  contactId: string
}

/** In the order in which they were sent; the last is the newest. */
const SENT: (keyof typeof KINDS)[] = Array.from(
  { length: 34 },
  (_, place) => (['order', 'shipped', 'order', 'password', 'event', 'order', 'shipped'] as const)[place % 7] ?? 'order',
)

/** A project that looks as if somebody had worked with it for a month, and the browser of its owner. */
export async function fill(posthorn: Posthorn, browser: BrowserContext): Promise<Filled> {
  const made = await newProject(posthorn, SHOP.name)
  const projectId = made.project.id
  const { project: empty } = await newProject(posthorn, 'Lumen Press')
  await setUp(posthorn, OWNER)
  await signIn(posthorn, browser, OWNER)
  for (const who of TEAM) await join(posthorn, { projectId, ...who })
  const ctx: Context = { ...posthorn, actor: systemActor(projectId), requestId: newId() }
  const ids: string[] = []
  for (const [place, kind] of SENT.entries()) ids.push(await sendOne(posthorn, made.secretKey, { kind, place }))
  await trackSome(ctx)
  await callWrongly(posthorn, made.secretKey)
  await actAsOwner(posthorn, browser, projectId)
  await arrival(posthorn, projectId, ids.length)
  const at = (place: number) => ids.at(place) ?? ''
  const emails = { waiting: at(-2), failed: at(-5), sent: at(-1) }
  await giveHistory(posthorn, projectId, { ids, ...emails })
  const { data: messages } = await invoke(ctx, ['inbox', 'list'], { emailId: emails.sent })
  const { data: contacts } = await invoke(ctx, ['contacts', 'list'], { search: 'grace@' })
  return { ...made, empty: empty.id, emails, messageId: messages[0]?.id ?? '', contactId: contacts[0]?.id ?? '' }
}

async function sendOne(
  posthorn: Posthorn,
  key: string,
  { kind: name, place }: { kind: keyof typeof KINDS; place: number },
): Promise<string> {
  const kind: Kind = KINDS[name]
  const [customer, email] = CUSTOMERS[(place * 5) % CUSTOMERS.length] ?? ['', '']
  const first = customer.split(' ')[0] ?? ''
  const order = 20_417 + place
  const { emailId = '' } = await send(posthorn, key, {
    to: { email, name: customer },
    subject: kind.subject(order),
    text: kind.text(first, order),
    body: kind.html?.(first, order),
    tags: kind.tags,
    data: { name: customer, orders: (place % 4) + 1 },
    attachments:
      name === 'order'
        ? [{ filename: `invoice-${order}.txt`, contentType: 'text/plain', content: 'VG90YWw6IEVVUiAyNy42MA==' }]
        : undefined,
  })
  return emailId
}

async function trackSome(ctx: Context): Promise<void> {
  const names = ['signed-up', 'opened-book', 'put-in-basket', 'bought', 'wrote-review']
  for (const [place, [name, email]] of [...CUSTOMERS, ...CUSTOMERS].entries()) {
    await invoke(ctx, ['events', 'track'], {
      event: names[place % names.length] ?? '',
      email,
      subscribed: place % 3 !== 0,
      data: {
        name,
        book: { value: 'Invisible Cities', persistent: false },
        source: { value: 'web', persistent: false },
      },
    })
  }
}

/** Calls that are refused, so that the log of requests has something to say. */
async function callWrongly(posthorn: Posthorn, key: string): Promise<void> {
  await send(posthorn, key, { to: 'grace@' })
  await send(posthorn, key, { subject: '' })
  const headers = { Authorization: `Bearer ${key}` }
  await fetch(`${posthorn.url}/v1/emails?status=lost`, { headers })
  for (const path of ['emails?limit=20', 'contacts', 'events', 'project', `emails/${newId()}`]) {
    await fetch(`${posthorn.url}/v1/${path}`, { headers })
  }
}

/** What leaves its trace in the settings and in the audit log. */
async function actAsOwner({ url }: Posthorn, browser: BrowserContext, projectId: string): Promise<void> {
  const call = async <Answer>(name: string, data: object): Promise<Answer> => {
    const headers = { Origin: url, 'X-Project-Id': projectId }
    const answer = await browser.request.post(`/trpc/${name}`, { data, headers })
    if (!answer.ok()) throw new Error(`${name}: ${await answer.text()}`)
    return (await answer.json()).result.data
  }
  await call('project.update', {
    language: 'en',
    timeZone: 'Europe/Dublin',
    postalAddress: 'Lumen Books\n14 Lantern Lane\nGalway, Ireland',
  })
  await call('keys.create', { name: 'Web shop', scopes: ['emails:send'] })
  const till = await call<{ id: string }>('keys.create', {
    name: 'Till in the shop',
    scopes: ['emails:send', 'contacts:read'],
    allowedIps: ['203.0.113.0/24'],
  })
  await call('keys.create', { name: 'Monthly report', scopes: ['emails:read', 'requests:read'] })
  await call('keys.regenerate', { id: till.id, overlap: '24h' })
  await call('members.invite', { email: 'sam@lumen-books.example', role: 'member' })
}

/** Waits for the worker to have delivered everything, and for the log of requests. */
async function arrival({ db }: Posthorn, projectId: string, count: number): Promise<void> {
  const find = async () => {
    const { rows } = await sql<{ done: boolean }>`
      select (select count(*) from inbox_messages where project_id = ${projectId}) >= ${count}
        and (select count(*) from emails where project_id = ${projectId} and outcome = 'sent') >= ${count}
        and (select count(*) from api_requests where project_id = ${projectId}) >= ${count + 8} as done
    `.execute(db)
    return rows[0]?.done === true ? true : undefined
  }
  await eventually(find, 'all mail of the project delivered')
}
