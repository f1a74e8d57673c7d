const SDK = `import { Posthorn } from '@posthorn/sdk'`
const CLIENT = `${SDK}
const posthorn = new Posthorn({ apiKey: process.env.POSTHORN_KEY, baseUrl: 'http://localhost:3000' })`
const TRPC = `import type { AppRouter } from '@posthorn/contracts'
import { createTRPCClient, httpLink } from '@trpc/client'
const posthorn = createTRPCClient<AppRouter>({
  links: [httpLink({ url: 'http://localhost:3000/trpc', headers: { authorization: \`Bearer \${process.env.POSTHORN_KEY}\` } })],
})`
const LATER = 'new Date(Date.now() + 60_000)'
const A_MOMENT = 'new Promise((next) => setTimeout(next, 20))'

const mail = (subject: string) =>
  `const mail = { to: 'ada@example.com', subject: '${subject}', body: '<p>It works.</p>' }`

/** One TypeScript or JavaScript block of a page, as a program: what comes before it on the page, itself, and what it shows. */
export interface Snippet {
  at: string
  /** What the reader has from earlier on the page. */
  before?: string
  /** An expression over the names of the block, and the value that it must have. */
  shows?: [expression: string, value: unknown]
  /** What the block prints itself. */
  prints?: string
}

export const SNIPPETS: Snippet[] = [
  {
    at: `README.md: import { Posthorn } from '@posthorn/sdk'`,
    shows: [`(await posthorn.emails.list({ limit: 1 })).data[0].subject`, 'Hello'],
  },
  {
    at: `docs/sdk.md: import { Posthorn } from '@posthorn/sdk'`,
    shows: ['[captured, emails[0].contact.email]', [true, 'ada@example.com']],
  },
  {
    at: 'docs/sdk.md: const { data } = await posthorn.inbox.list({ emailId: emails[0].email })',
    before: `${CLIENT}
      ${mail('Moment')}
      const { emails } = await posthorn.emails.send(mail)
      while ((await posthorn.emails.get(emails[0].email)).status !== 'sent') await ${A_MOMENT}`,
    shows: ['data.map(({ subject }) => subject)', ['Moment']],
  },
  {
    at: `docs/sdk.md: const posthorn = new Posthorn({ apiKey: 'pk_ph_…', baseUrl: 'https://mail.example.com' })`,
    before: SDK,
    shows: [
      `(await new Posthorn({ apiKey: process.env.POSTHORN_KEY, baseUrl: 'http://localhost:3000' }).events.list({ limit: 1 })).data.map(({ name, data }) => [name, data])`,
      [['signed-up', { plan: 'pro' }]],
    ],
  },
  {
    at: `docs/sdk.md: await posthorn.contacts.get('ada@example.com')`,
    before: `${CLIENT}
      ${mail('Later')}
      const emailId = (await posthorn.emails.send({ ...mail, scheduledAt: ${LATER} })).emails[0].email
      const keyId = (await posthorn.keys.create({ name: 'Old' })).id`,
    shows: [
      `[Date.parse((await posthorn.emails.get(emailId)).scheduledAt ?? '') > Date.now() + 3_500_000,
        (await posthorn.keys.list()).data.find(({ id }) => id === keyId)?.status]`,
      [true, 'expiring'],
    ],
  },
  {
    at: 'docs/sdk.md: const page = await posthorn.emails.list({ limit: 50 }) // { data, cursor, hasMore }',
    before: CLIENT,
    shows: ['Object.keys(page).sort()', ['cursor', 'data', 'hasMore']],
  },
  {
    at: `docs/sdk.md: import { PosthornError } from '@posthorn/sdk'`,
    before: CLIENT,
    prints: 'VALIDATION_ERROR\nto ',
  },
  {
    at: 'docs/sdk.md: await posthorn.emails.send(mail, { idempotencyKey: `receipt-${order.id}` })',
    before: `${CLIENT}\n${mail('Once')}\nconst order = { id: 7 }
      const first = await posthorn.emails.send(mail, { idempotencyKey: 'receipt-7' })`,
    shows: ['(await posthorn.emails.list({ limit: 1 })).data[0].id === first.emails[0].email', true],
  },
  {
    at: 'docs/sdk.md: await posthorn.emails.send(mail, { timeoutMs: 5_000, maxRetries: 0, signal: request.signal })',
    before: `${CLIENT}\n${mail('Options')}\nconst request = new Request('http://localhost:3000')`,
    shows: ['[data.captured, response.status]', [true, 200]],
  },
  {
    at: 'docs/consent.md: await posthorn.contacts.upsert({',
    before: CLIENT,
    shows: [
      `(await posthorn.contacts.consentLog('ada@example.com')).data.map(({ subscribed, ip }) => [subscribed, ip])[0]`,
      [true, '203.0.113.5'],
    ],
  },
  {
    at: `docs/consent.md: await posthorn.topics.create({ id: 'weekly', name: 'Weekly digest' })`,
    before: CLIENT,
    shows: ['data.map(({ id, choice }) => [id, choice])', [['weekly', true]]],
  },
  {
    at: 'docs/contacts.md: const { results, created, refused } = await posthorn.contacts.upsertMany({',
    before: CLIENT,
    prints: '2: email: Not an e-mail address: expected name@domain.\n',
    shows: ['refused', 1],
  },
  {
    at: `docs/imports.md: import { createReadStream } from 'node:fs'`,
    before: `${CLIENT}
      import { writeFileSync } from 'node:fs'
      writeFileSync('people.csv', 'email,plan\\nada@snippet.example,pro\\n')`,
    prints: `plan [ 'pro' ] field string\nsucceeded 1\n`,
  },
  {
    at: `docs/exports.md: import { writeFile } from 'node:fs/promises'`,
    before: `${CLIENT}
      await posthorn.contacts.upsert({ email: 'ada@export.example', data: { plan: 'pro' } })`,
    prints: 'ada@export.example pro',
  },
  {
    at: 'docs/events.md: const { results, accepted, refused } = await posthorn.events.trackBatch({',
    before: CLIENT,
    prints: '1 email\n1 1\n',
    shows: [`(await posthorn.events.usage('paid')).count`, 1],
  },
  {
    at: 'docs/analytics.md: const { points, groups } = await posthorn.analytics.timeseries({',
    before: CLIENT,
    prints: '25 []\n',
    shows: ['points.length', 25],
  },
  {
    at: `docs/analytics.md: const page = await posthorn.activity.list({ type: 'email', contact: 'ada@example.com', limit: 50 })`,
    before: `${CLIENT}
      await posthorn.emails.send({ to: 'ada@example.com', subject: 'In the feed', text: 'Hi' })`,
    prints: 'In the feed',
    shows: ['page.data[0]?.type', 'email'],
  },
  {
    at: 'docs/contacts.md: const { jobId } = await posthorn.contacts.bulkUnsubscribe({',
    before: `${CLIENT}
      await posthorn.contacts.upsert({ email: 'ada@old.example' })`,
    prints: 'succeeded 100 ',
  },
  {
    at: `docs/trpc.md: import type { AppRouter } from '@posthorn/contracts'`,
    shows: ['data[0].id === receipt.emails[0].email', true],
  },
  {
    at: `docs/trpc.md: import { TRPCClientError } from '@trpc/client'`,
    before: `${TRPC}
      ${mail('Gone')}
      const { emails } = await posthorn.emails.send.mutate(mail)
      const id = emails[0].email
      while ((await posthorn.emails.get.query({ id })).status !== 'sent') await ${A_MOMENT}`,
    prints: 'It is on its way, or has reached its end.\n',
  },
  {
    at: `packages/sdk/README.md: import { Posthorn } from '@posthorn/sdk'`,
    shows: ['emails[0].contact.email', 'ada@example.com'],
  },
  {
    at: `packages/sdk/README.md: for await (const email of posthorn.emails.list({ status: 'failed' })) console.log(email.id, email.reason)`,
    before: CLIENT,
    shows: ['[data.length > 0, typeof hasMore, cursor === null || cursor !== ""]', [true, 'boolean', true]],
  },
  {
    at: `packages/sdk/README.md: import { PosthornError } from '@posthorn/sdk'`,
    before: `${CLIENT}\nconsole.error = console.log`,
    prints: 'VALIDATION_ERROR 422 ',
  },
  {
    at: 'packages/sdk/README.md: await posthorn.emails.send(mail, { idempotencyKey: `receipt-${order.id}` })',
    before: `${CLIENT}\n${mail('Once more')}\nconst order = { id: 8 }`,
    shows: ['(await posthorn.emails.list({ limit: 1 })).data[0].subject', 'Once more'],
  },
]

/** A mistake that a page shows, and what it says that the compiler answers. */
export const MISTAKE = {
  at: `docs/trpc.md: await posthorn.emails.list.query({ stauts: 'sent' })`,
  before: TRPC,
  report: `docs/trpc.md: error TS2561: Object literal may only specify known properties, but 'stauts' does not exist in type '{ … }'. Did you mean to write 'status'?`,
}
