import { connect } from 'node:net'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { testMailbox, type TestMailbox } from './mailbox.ts'
import { misbehavingSmtpServer, type MisbehavingServer } from './misbehaving-server.ts'

const open: (TestMailbox | MisbehavingServer)[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function mailbox(): Promise<TestMailbox> {
  const server = await testMailbox()
  open.push(server)
  return server
}

/** Sends pieces of bytes one after the other and returns all that was said. */
async function say(port: number, pieces: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', (chunk) => (heard += chunk.toString()))
  await once(socket, 'connect')
  for (const piece of pieces) {
    socket.write(Buffer.from(piece, 'latin1'))
    await new Promise((resolve) => setImmediate(resolve))
  }
  socket.end('QUIT\r\n')
  await once(socket, 'close')
  return heard
}

/** As `say`, but waits for an answer before each piece, as a client without pipelining does. */
async function converse(port: number, pieces: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  for (const piece of [...pieces, 'QUIT\r\n']) {
    const [chunk] = await once(socket, 'data')
    heard += String(chunk)
    socket.write(piece)
  }
  const [last] = await once(socket, 'data')
  socket.end()
  await once(socket, 'close')
  return heard + String(last)
}

const envelope =
  'EHLO me\r\nMAIL FROM:<a@example.com> SIZE=10\r\nRCPT TO:<b@example.net>\r\nRCPT TO:<c@example.net>\r\nDATA\r\n'

test('a message is kept as it was sent, with its envelope', async () => {
  const box = await mailbox()
  await say(box.port, [envelope, 'Subject: x\r\n\r\n..one\r\n...\r\n.\r\n'])
  const [message] = await box.waitFor(1)
  expect(message).toMatchObject({
    from: 'a@example.com',
    to: ['b@example.net', 'c@example.net'],
    parameters: 'SIZE=10',
  })
  expect(message?.raw.toString()).toBe('Subject: x\r\n\r\n.one\r\n..\r\n')
})

test('the end of a message is found however the bytes were cut', async () => {
  const box = await mailbox()
  const bytes = 'Subject: x\r\n\r\nbody\r\n.\r\n'
  for (let cut = 1; cut < bytes.length; cut++) await say(box.port, [envelope, bytes.slice(0, cut), bytes.slice(cut)])
  await say(box.port, [envelope, ...bytes.split('')])
  const messages = await box.waitFor(bytes.length)
  expect(new Set(messages.map(({ raw }) => raw.toString()))).toEqual(new Set(['Subject: x\r\n\r\nbody\r\n']))
})

test('only CRLF, dot, CRLF ends a message', async () => {
  const box = await mailbox()
  await say(box.port, [envelope, 'one\n.\nMAIL FROM:<evil@example.com>\r\n\n.\r\n\r.\r\r\n.\n\r\n.\r\n'])
  expect(box.messages).toHaveLength(1)
  expect(box.messages[0]?.raw.toString()).toContain('evil')
})

test('several messages may follow each other in one segment, and one may be empty', async () => {
  const box = await mailbox()
  await say(box.port, [`${envelope}one\r\n.\r\n${envelope.slice(9)}.\r\n${envelope.slice(9)}three\r\n.\r\n`])
  expect(box.messages.map(({ raw }) => raw.toString())).toEqual(['one\r\n', '', 'three\r\n'])
  expect(box.connections).toBe(1)
})

test('waiting for mail that does not come ends with an error that says so', async () => {
  const box = await mailbox()
  await expect(box.waitFor(2, 20)).rejects.toThrow('No such mail within 20 ms; there are 0.')
  await expect(box.waitFor(({ from }) => from === 'x', 20)).rejects.toThrow('No such mail')
})

test('the misbehaving server does what its script says, turn by turn, and remembers it', async () => {
  const server = await misbehavingSmtpServer({ final: ({ message }) => (message === 1 ? '451 later' : 'ok') })
  open.push(server)
  const transaction = ['MAIL FROM:<a@example.com>\r\n', 'RCPT TO:<b@example.net>\r\n', 'DATA\r\n']
  const heard = await converse(server.port, ['EHLO me\r\n', ...transaction, '1\r\n.\r\n', ...transaction, '2\r\n.\r\n'])
  expect(heard).toContain('451 later')
  expect(server.messages.map(({ raw, answered }) => [raw.toString(), answered])).toEqual([
    ['1\r\n', false],
    ['2\r\n', true],
  ])
  expect(server.conversations[0]?.lines.slice(0, 3)).toEqual([
    'S: 220 misbehaving.test ESMTP',
    'C: EHLO me',
    'S: 250 misbehaving.test',
  ])
})

test('a 421 is followed by the end of the connection', async () => {
  const server = await misbehavingSmtpServer({ mail: '421 bye' })
  open.push(server)
  expect(await say(server.port, ['EHLO me\r\n', 'MAIL FROM:<a@example.com>\r\n'])).toMatch(/421 bye\r\n$/)
})
