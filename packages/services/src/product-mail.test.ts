import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstance, type TestInstance } from '../test/instance.ts'
import { sendProductMail } from './product-mail.ts'
import { htmlOf, textOf } from './product-mail-template.ts'

let instance: TestInstance

beforeAll(async () => {
  instance = await testInstance()
})

afterAll(() => instance.close())

const MAIL = {
  subject: 'Reset your password',
  heading: 'Reset <your> password',
  paragraphs: ['For "Ada" & friends.'],
  action: { label: 'Choose', url: 'https://mail.example.com/reset-password#token=a&b' },
  footnote: 'Or do nothing.',
}

const own = async () => {
  const { own_project_id } = await instance.db
    .selectFrom('instance_setup')
    .select('own_project_id')
    .executeTakeFirstOrThrow()
  return own_project_id ?? ''
}

const queued = () =>
  instance.db
    .selectFrom('emails')
    .innerJoin('outbox', (join) =>
      join.onRef('outbox.email_id', '=', 'emails.id').onRef('outbox.project_id', '=', 'emails.project_id'),
    )
    .select(['emails.project_id', 'to_email', 'from_email', 'emails.captured', 'outbox.stream'])
    .orderBy('emails.id', 'desc')

test('a mail of Posthorn’s own waits in the queue, before all campaigns, under the project for it', async () => {
  await instance.project()
  await sendProductMail(instance, { email: 'ada@example.com', name: 'Ada' }, MAIL)
  expect(await queued().executeTakeFirst()).toEqual({
    project_id: await own(),
    to_email: 'ada@example.com',
    from_email: 'hello@posthorn.example',
    captured: true,
    stream: 0,
  })
})

test('it is queued by the transaction that makes it necessary, or not at all', async () => {
  const { length } = await queued().execute()
  const given = instance.db.transaction().execute(async (db) => {
    await sendProductMail({ db, runtime: instance.runtime }, { email: 'grace@example.com' }, MAIL)
    throw new Error('given up')
  })
  await expect(given).rejects.toThrow('given up')
  expect(await queued().execute()).toHaveLength(length)
})

test('several first ones at once make one project for it', async () => {
  const fresh = await testInstance()
  await Promise.all([1, 2, 3, 4].map((n) => sendProductMail(fresh, { email: `${n}@example.com` }, MAIL)))
  expect(await fresh.db.selectFrom('projects').select('name').execute()).toEqual([{ name: 'Posthorn' }])
  await fresh.close()
})

test('through a relay it is from a domain that may be sent from, once there is one', async () => {
  const relayed = await testInstance({ captures: false })
  const { id } = await relayed.project('Acme')
  await relayed.db.insertInto('domains').values({ project_id: id, domain: 'acme.com' }).execute()
  await relayed.db.updateTable('projects').set({ default_sender_email: 'hi@acme.com' }).where('id', '=', id).execute()
  await sendProductMail(relayed, { email: 'ada@example.com' }, MAIL)
  const sent = await relayed.db.selectFrom('emails').selectAll().executeTakeFirstOrThrow()
  expect([sent.from_email, sent.from_name, sent.captured]).toEqual(['hi@acme.com', 'Posthorn', false])
  expect(sent.project_id).not.toBe(id)
  await relayed.close()
})

test('what people chose cannot become part of its HTML', () => {
  const html = htmlOf(MAIL)
  expect(html).toContain('Reset &lt;your&gt; password')
  expect(html).toContain('For &quot;Ada&quot; &amp; friends.')
  expect(html).toContain('href="https://mail.example.com/reset-password#token=a&amp;b"')
  expect(htmlOf({ ...MAIL, subject: '</title><script>', action: { label: '<b>', url: '"><script>' } })).not.toMatch(
    /<script|<b>/,
  )
})

test('it can be read as text alone', () => {
  expect(textOf(MAIL)).toBe(
    [
      'Reset <your> password',
      'For "Ada" & friends.',
      'Choose:\nhttps://mail.example.com/reset-password#token=a&b',
      '--\nOr do nothing.\n',
    ].join('\n\n'),
  )
})
