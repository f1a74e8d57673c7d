import { connect, type Socket } from 'node:net'
import type { Answer } from './call.ts'

/** A connection on which bytes are sent as they are, for what no client library would send. */
export interface RawConnection {
  socket: Socket
  write(bytes: string | Uint8Array): void
  /** All that the server sent, once it has closed the connection. */
  readToEnd(): Promise<string>
}

export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.setEncoding('latin1').on('data', (text: string) => void (received += text))
  const closed = new Promise<void>((resolve) => void socket.on('close', () => resolve()))
  // A reset by the server is one way to close; what came before it counts.
  socket.on('error', () => {})
  await new Promise<void>((resolve, reject) => void socket.once('connect', resolve).once('error', reject))
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    async readToEnd() {
      await closed
      return received
    },
  }
}

/** Sends lines of a request, and reads the one answer. */
export async function exchange(port: number, lines: string[], body: string | Uint8Array = ''): Promise<Answer> {
  const connection = await openRaw(port)
  connection.write(`${lines.join('\r\n')}\r\n\r\n`)
  connection.write(body)
  const [answer] = parseAnswers(await connection.readToEnd())
  if (answer === undefined) throw new Error('The connection was closed without an answer.')
  return answer
}

/** Reads the answers of a connection, one after the other, by their Content-Length. */
export function parseAnswers(received: string): Answer[] {
  const answers: Answer[] = []
  for (let rest = received; rest !== '';) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) throw new Error(`Not an HTTP answer: ${rest.slice(0, 200)}`)
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n')
    const headers = new Headers(
      lines.map((line): [string, string] => [line.split(': ', 1)[0] ?? '', line.slice(line.indexOf(':') + 2)]),
    )
    const from = end + 4
    const length = Number(headers.get('content-length') ?? 0)
    const text = rest.slice(from, from + length)
    const status = Number(statusLine.split(' ')[1])
    answers.push({ status, headers, text, body: text === '' ? undefined : JSON.parse(text) })
    rest = rest.slice(from + length)
  }
  return answers
}
