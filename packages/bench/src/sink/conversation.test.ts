import { createTransport } from 'nodemailer'
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { sinkConversation } from './conversation.ts'

const message = 'Subject: x\r\n\r\n..two dots\r\n.\r\n'
const envelope = 'MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n'

test('a message counts once wherever the network cuts it', () => {
  const whole = `EHLO x\r\n${envelope}${message}`
  for (let cut = 1; cut < whole.length; cut++) {
    let messages = 0
    const conversation = sinkConversation(() => messages++)
    conversation.receive(Buffer.from(whole.slice(0, cut)))
    const { reply } = conversation.receive(Buffer.from(whole.slice(cut)))
    expect({ cut, messages, queued: reply.endsWith('queued\r\n') }).toEqual({ cut, messages: 1, queued: true })
  }
})

test('commands sent without waiting get one reply each, in order', () => {
  const conversation = sinkConversation(() => {})
  conversation.receive(Buffer.from('EHLO x\r\n'))
  expect(conversation.receive(Buffer.from(envelope)).reply).toMatch(/^250.*\r\n250.*\r\n354.*\r\n$/)
  const { reply, ended } = conversation.receive(Buffer.from(`${message}${envelope}${message}QUIT\r\n`))
  expect(reply.match(/^\d{3}/gm)).toEqual(['250', '250', '250', '354', '250', '221'])
  expect(ended).toBe(true)
})

test('nodemailer delivers to it', async () => {
  let messages = 0
  const server = createServer((socket) => {
    const conversation = sinkConversation(() => messages++)
    socket.write(conversation.greeting)
    socket.on('data', (chunk) => socket.write(conversation.receive(chunk).reply))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Safe because a server listening on TCP has an address object, not a pipe's name.
  const { port } = server.address() as AddressInfo
  const transport = createTransport({ host: '127.0.0.1', port, pool: true })
  await transport.sendMail({ from: 'a@example.com', to: 'b@example.net', subject: 'é', html: '<p>.</p>\r\n.\r\n' })
  transport.close()
  server.close()
  expect(messages).toBe(1)
})
