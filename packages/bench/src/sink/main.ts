import { spawn } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../ports.ts'
import { sinkConversation } from './conversation.ts'
import { counting, type SinkReport, type SinkRequest } from './counting.ts'

const send = (report: SinkReport) => process.send?.(report)
const counter = counting(send)

// Safe because the only parent is sink/sink.ts, which sends SinkRequests.
process.on('message', (request) => counter.request(request as SinkRequest))
process.once('disconnect', () => process.exit()).once('SIGTERM', () => process.exit())

const port = await postfixSink()
if (port !== undefined) send({ kind: 'listening', port, name: "Postfix's smtp-sink" })
else send({ kind: 'listening', port: await ownSink(), name: 'our own' })

async function ownSink(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    const conversation = sinkConversation(() => counter.arrived(1))
    socket.write(conversation.greeting)
    socket.on('data', (chunk) => {
      const { reply, ended } = conversation.receive(chunk)
      if (reply !== '') socket.write(reply, 'latin1')
      if (ended) socket.end()
    })
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Safe because a server listening on TCP has an address object, not a pipe's name.
  return (server.address() as AddressInfo).port
}

/** Starts smtp-sink where it is installed and follows the running count that it prints. */
async function postfixSink(): Promise<number | undefined> {
  const port = await freePort()
  const privileges = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = spawn('smtp-sink', ['-c', ...privileges, `127.0.0.1:${port}`, '1000'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise<'ended'>((resolve) => {
    child.once('error', () => resolve('ended'))
    child.once('exit', () => resolve('ended'))
  })
  process.once('exit', () => child.kill('SIGKILL'))
  let seen = 0
  let partial = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const text = partial + chunk.toString('latin1')
    const end = text.lastIndexOf('\r')
    partial = text.slice(end + 1)
    const count = Number.parseInt(text.slice(text.lastIndexOf('mesg=', end) + 5, end), 10)
    if (count > seen) {
      counter.arrived(count - seen)
      seen = count
    }
  })
  return (await Promise.race([ended, sleep(300)])) === 'ended' ? undefined : port
}
