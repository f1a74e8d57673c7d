import { once } from 'node:events'
import { connect as connectSocket, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { LIMITS } from '@posthorn/contracts/limits'
import { connect, type Connection } from '@posthorn/db'
import { testDatabase, type TestDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { createTransport } from 'nodemailer'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { v7 } from 'uuid'
import { startInbox, type Inbox } from './inbox.ts'
import { storeMessage } from './store.ts'

let database: TestDatabase
let connection: Connection
let inbox: Inbox
const projectId = v7()
const faults: unknown[] = []

beforeAll(async () => {
  database = await testDatabase()
  connection = connect(database.connectionString, { poolSize: 4 })
  inbox = await startInbox({ db: connection.db, port: 0, onFault: (error) => faults.push(error) })
})

afterAll(async () => {
  await inbox.close()
  await connection.close()
  await database.drop()
})

afterEach(() => {
  if (faults.length > 0) throw new AggregateError(faults.splice(0), 'the inbox told of faults')
})

/** An email as acceptance stores it, as far as the inbox looks at it. */
async function newEmail(): Promise<string> {
  const id = v7()
  await connection.db
    .insertInto('emails')
    .values({
      project_id: projectId,
      id,
      content_id: v7(),
      contact_id: v7(),
      from_email: 'hello@example.com',
      to_email: 'ada@example.org',
      subject: 'Hello',
      tags: [],
      captured: true,
      from_name: null,
      reply_to_email: null,
      reply_to_name: null,
      to_name: null,
      outcome: null,
      reason: null,
    })
    .execute()
  return id
}

const messagesOf = (emailId: string) =>
  connection.db
    .selectFrom('inbox_messages')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('email_id', '=', emailId)
    .orderBy('id')
    .execute()

function client(port = inbox.port) {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true })
  onTestFinished(() => transport.close())
  return transport
}

/** A client that says exactly what it is told to, and hears every reply. */
async function converse(port = inbox.port): Promise<{ socket: Socket; say: (line: string) => Promise<string> }> {
  const socket = connectSocket(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const lines = createInterface(socket)[Symbol.asyncIterator]()
  const hear = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done) return 'closed'
    return /^\d{3}-/.test(value) ? `${value}\n${await hear()}` : value
  }
  await hear()
  const say = (line: string) => {
    socket.write(`${line}\r\n`)
    return hear()
  }
  return { socket, say }
}

async function begin(emailId: string, port?: number) {
  const conversation = await converse(port)
  await conversation.say('EHLO test')
  expect(await conversation.say(`MAIL FROM:<a@example.com> ENVID=${projectId}.${emailId}`)).toMatch(/^250/)
  expect(await conversation.say('RCPT TO:<b@example.com>')).toMatch(/^250/)
  return conversation
}

test('a mail of ours is kept with its envelope, its decoded subject and every byte', async () => {
  const emailId = await newEmail()
  const raw =
    'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?Q?_=F0=9F=93=AF?=\r\nFrom: a@b.example\r\n\r\n.dot\r\n..two\r\nbyte: \x00\xff\r\n'
  await client().sendMail({
    envelope: {
      from: 'bounces@example.com',
      to: ['ada@example.org', 'grace@xn--bcher-kva.example'],
    },
    dsn: { id: `${projectId}.${emailId}`, return: 'headers' },
    raw: Buffer.from(raw, 'latin1'),
  })
  const [message, ...others] = await messagesOf(emailId)
  expect(others).toEqual([])
  expect(message).toMatchObject({
    envelope_from: 'bounces@example.com',
    envelope_to: ['ada@example.org', 'grace@xn--bcher-kva.example'],
    subject: 'Grüße 📯',
    size_bytes: raw.length,
  })
  expect(message?.source.toString('latin1')).toBe(raw)
})

test('the null sender is taken, as bounces have it', async () => {
  const emailId = await newEmail()
  const { say } = await converse()
  await say('EHLO test')
  expect(await say(`MAIL FROM:<> ENVID=${projectId}.${emailId}`)).toMatch(/^250/)
  await say('RCPT TO:<ada@example.org>')
  await say('DATA')
  expect(await say('no header at all\r\n.')).toMatch(/^250/)
  expect(await messagesOf(emailId)).toMatchObject([{ envelope_from: '', subject: '' }])
})

test('the same mail sent again over the same connection is kept twice', async () => {
  const emailId = await newEmail()
  const { say } = await converse()
  await say('EHLO test')
  for (const _ of [1, 2]) {
    await say(`MAIL FROM:<a@example.com> ENVID=${projectId}.${emailId}`)
    await say('RCPT TO:<b@example.com>')
    await say('DATA')
    expect(await say('Subject: Again\r\n\r\nHello\r\n.')).toMatch(/^250/)
  }
  expect(await messagesOf(emailId)).toHaveLength(2)
})

test.each([
  ['without an envelope id', () => ''],
  ['with an envelope id of another form', () => ' ENVID=QQ314159'],
  ['for an email that does not exist', () => ` ENVID=${projectId}.${v7()}`],
  ['for an email of another project', (emailId: string) => ` ENVID=${v7()}.${emailId}`],
])('mail %s is refused before its content is read', async (_, parameter) => {
  const { say } = await converse()
  await say('EHLO test')
  const refusal = await say(`MAIL FROM:<a@example.com>${parameter(await newEmail())}`)
  expect(refusal).toBe('550 5.7.1 This inbox only takes mail of the Posthorn that it belongs to')
  expect(await say('RCPT TO:<b@example.com>')).toMatch(/^503/)
})

test('it offers what the worker uses, and neither login nor encryption', async () => {
  const { say } = await converse()
  const offers = await say('EHLO test')
  expect(offers).toMatch(new RegExp(`^250.SIZE ${LIMITS.inboxMessageBytes}$`, 'm'))
  for (const extension of ['PIPELINING', '8BITMIME', 'DSN']) expect(offers).toContain(extension)
  expect(offers).not.toMatch(/AUTH|STARTTLS/)
  expect(await say('STARTTLS')).toMatch(/^500/)
})

test('a mail over the limit is refused, by its declared size and by its real one, and leaves nothing', async () => {
  const emailId = await newEmail()
  const { say } = await converse()
  await say('EHLO test')
  const mail = `MAIL FROM:<a@example.com> ENVID=${projectId}.${emailId}`
  expect(await say(`${mail} SIZE=${LIMITS.inboxMessageBytes + 1}`)).toMatch(/^552/)
  await say(mail)
  await say('RCPT TO:<b@example.com>')
  await say('DATA')
  const line = `${'x'.repeat(998)}\r\n`
  expect(await say(`${line.repeat(LIMITS.inboxMessageBytes / line.length + 1)}.`)).toBe(
    `552 5.3.4 This inbox takes at most ${LIMITS.inboxMessageBytes} bytes`,
  )
  expect(await messagesOf(emailId)).toEqual([])
})

test('a client that goes away before the final dot leaves nothing and is no fault', async () => {
  const emailId = await newEmail()
  const { socket, say } = await begin(emailId)
  await say('DATA')
  socket.write('Subject: Half\r\n\r\n')
  socket.resetAndDestroy()
  const next = await newEmail()
  await client().sendMail({
    dsn: { id: `${projectId}.${next}`, return: 'full' },
    from: 'a@b.example',
    to: 'c@d.example',
  })
  expect(await messagesOf(emailId)).toEqual([])
})

test('a mail that cannot be stored is put off, and the fault is told', async () => {
  const emailId = await newEmail()
  await sql`alter table inbox_messages add constraint storable check (subject <> 'Unstorable')`.execute(connection.db)
  const { say } = await begin(emailId)
  await say('DATA')
  expect(await say('Subject: Unstorable\r\n\r\nHello\r\n.')).toMatch(/^451 4\.3\.0/)
  expect(faults.splice(0)).toMatchObject([{ constraint: 'storable' }])
})

test('without its database it puts mail off', async () => {
  const gone = await testDatabase()
  const cutOff = connect(gone.connectionString, { poolSize: 1 })
  const told: unknown[] = []
  const cut = await startInbox({ db: cutOff.db, port: 0, onFault: (error) => told.push(error) })
  await gone.drop()
  const { say } = await converse(cut.port)
  await say('EHLO test')
  expect(await say(`MAIL FROM:<a@example.com> ENVID=${projectId}.${v7()}`)).toMatch(/^451 4\.3\.0/)
  expect(told).toHaveLength(1)
  await cut.close()
  await cutOff.close()
})

test('a busy port is told with the error of the system', async () => {
  await expect(startInbox({ db: connection.db, port: inbox.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port: inbox.port,
  })
})

test('closing ends idle connections at once and lets a mail that is arriving come in', async () => {
  const emailId = await newEmail()
  const closing = await startInbox({ db: connection.db, port: 0 })
  const idle = await converse(closing.port)
  const busy = await begin(emailId, closing.port)
  expect(await busy.say('DATA')).toMatch(/^354/)
  const gone = once(idle.socket, 'end')
  const closed = closing.close()
  await gone
  expect(await busy.say('Subject: Last\r\n\r\nHello\r\n.')).toMatch(/^250/)
  await closed
  expect(await messagesOf(emailId)).toMatchObject([{ subject: 'Last' }])
  await vi.waitFor(() => expect(busy.socket.readableEnded).toBe(true))
})

test('a message that is kept is told of where somebody looks', async () => {
  const heard: (string | undefined)[] = []
  const listening = connection.openClient()
  await listening.connect()
  onTestFinished(() => listening.end())
  listening.on('notification', ({ payload }) => heard.push(payload))
  await listening.query('listen posthorn_changes')
  const looked = v7()
  await sql`insert into live_watches values (${looked}, now() + interval '1 minute')`.execute(connection.db)
  for (const one of [projectId, looked]) {
    const email = { projectId: one, emailId: v7() }
    await storeMessage(connection.db, { email, from: '', to: [], source: Buffer.from('Subject: Hello\r\n\r\n') })
  }
  await expect.poll(() => heard).toEqual([`${looked} inbox`])
})
