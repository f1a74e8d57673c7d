import { connect } from 'node:net'

/** Sends prepared messages over pipelined conversations as fast as the sink takes them. */
export async function feed(plan: { port: number; messages: number; connections: number }): Promise<void> {
  const envelope = 'MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n'
  const message = `Subject: limit\r\n\r\n${`${'x'.repeat(74)}\r\n`.repeat(45)}.\r\n`
  let left = plan.messages
  async function converse() {
    const socket = connect({ port: plan.port, host: '127.0.0.1', noDelay: true })
    await new Promise<void>((resolve, reject) => {
      let tail = ''
      socket.on('error', reject)
      socket.on('close', () => resolve())
      socket.on('data', (chunk) => {
        tail = (tail + chunk.toString('latin1')).slice(-200)
        if (tail.startsWith('220')) {
          tail = ''
          socket.write('EHLO feeder\r\n')
        } else if (/^250 /m.test(tail) && tail.includes('PIPELINING')) {
          tail = ''
          socket.write(envelope)
        } else if (tail.includes('354 ')) {
          tail = ''
          left--
          socket.write(left >= plan.connections ? message + envelope : `${message}QUIT\r\n`)
        }
      })
    })
  }
  await Promise.all(Array.from({ length: plan.connections }, converse))
}
