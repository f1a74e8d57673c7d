import { createServer, type Socket } from 'node:net'
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls'
import { commandReader } from './command-reader.ts'
import { listen } from './listen.ts'

export interface ReceivedMessage {
  from: string
  to: string[]
  /** The bytes as they were sent, dot-stuffing undone. */
  raw: Buffer
  /** What followed the address in MAIL FROM: `SIZE=… ENVID=…`. */
  parameters: string
  /** Counted from 1. */
  connection: number
  secure: boolean
  user: string | undefined
}

export interface TestMailbox {
  port: number
  /** `smtp://127.0.0.1:…`, or `smtps://` where TLS comes first. */
  url: string
  /** Every message that was answered with 250, in that order. */
  messages: ReceivedMessage[]
  /** How many connections there have been. */
  readonly connections: number
  /** Resolves with all messages once there are so many of them, or with those that match once one does. */
  waitFor: (wanted: number | ((message: ReceivedMessage) => boolean), timeoutMs?: number) => Promise<ReceivedMessage[]>
  clear: () => void
  close: () => Promise<void>
}

export interface TestMailboxOptions {
  port?: number
  extensions?: string[]
  /** Offers STARTTLS, or expects TLS at once where `implicit`. */
  tls?: { key: string; cert: string; implicit?: boolean }
  /** Mail is taken only after AUTH with these. */
  auth?: { user: string; pass: string }
}

interface Waiter {
  matching: () => ReceivedMessage[] | undefined
  resolve: (messages: ReceivedMessage[]) => void
}

const EXTENSIONS = ['PIPELINING', 'SIZE 52428800', '8BITMIME', 'ENHANCEDSTATUSCODES', 'DSN']
const WAIT_MS = 20_000

/** A well-behaved SMTP server that keeps what it receives in memory. */
export async function testMailbox(options: TestMailboxOptions = {}): Promise<TestMailbox> {
  const messages: ReceivedMessage[] = []
  const waiters = new Set<Waiter>()
  const { tls } = options
  let connections = 0

  function receive(message: ReceivedMessage): void {
    messages.push(message)
    for (const waiter of waiters) {
      const found = waiter.matching()
      if (found !== undefined) waiter.resolve(found)
    }
  }

  const greet = (socket: Socket) => converse(socket, { options, receive, connection: ++connections })
  const server = tls?.implicit ? createTlsServer({ key: tls.key, cert: tls.cert }, greet) : createServer(greet)
  const { port, close } = await listen(server, options.port)

  return {
    port,
    url: `${tls?.implicit ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
    messages,
    get connections() {
      return connections
    },
    clear: () => void messages.splice(0),
    close,
    async waitFor(wanted, timeoutMs = WAIT_MS) {
      const matching = () => {
        const found = typeof wanted === 'number' ? messages : messages.filter(wanted)
        return found.length >= (typeof wanted === 'number' ? wanted : 1) ? [...found] : undefined
      }
      const already = matching()
      if (already !== undefined) return already
      const { promise, resolve, reject } = Promise.withResolvers<ReceivedMessage[]>()
      const waiter = { matching, resolve }
      const timer = setTimeout(
        () => reject(new Error(`No such mail within ${timeoutMs} ms; there are ${messages.length}.`)),
        timeoutMs,
      )
      waiters.add(waiter)
      return promise.finally(() => {
        clearTimeout(timer)
        waiters.delete(waiter)
      })
    },
  }
}

interface Guest {
  options: TestMailboxOptions
  connection: number
  receive: (message: ReceivedMessage) => void
}

const emptyEnvelope = () => ({ from: '', to: [] as string[], parameters: '' })

function converse(plain: Socket, { options, connection, receive }: Guest): void {
  const { tls, auth } = options
  let socket = plain
  let envelope = emptyEnvelope()
  let user: string | undefined
  let loginName: string | undefined
  const isSecure = () => socket instanceof TLSSocket
  const say = (...lines: string[]) => void socket.write(`${lines.join('\r\n')}\r\n`)

  const reader = commandReader({
    command,
    message(raw) {
      say('250 2.0.0 Ok: received')
      receive({ ...envelope, raw, connection, secure: isSecure(), user })
      envelope = emptyEnvelope()
    },
  })

  function listenTo(next: Socket): void {
    socket = next
    next.setNoDelay(true)
    next.on('data', (chunk) => {
      // One segment for all replies to pipelined commands.
      next.cork()
      reader.push(chunk)
      next.uncork()
    })
    next.on('error', () => next.destroy())
  }

  function command(line: string): void {
    if (loginName !== undefined) return loginStep(line)
    const [verb = ''] = line.toUpperCase().split(' ', 1)
    if (verb === 'EHLO' || verb === 'HELO') return hello()
    if (verb === 'STARTTLS' && tls && !isSecure()) return startTls(tls)
    if (verb === 'AUTH' && auth) return authenticate(line)
    if (verb === 'QUIT') return void socket.end('221 2.0.0 Bye\r\n')
    if (verb === 'RSET') envelope = emptyEnvelope()
    if (verb === 'RSET' || verb === 'NOOP') return say('250 2.0.0 Ok')
    if (auth && user === undefined) return say('530 5.7.0 Authentication required')
    mailCommand(line)
  }

  function mailCommand(line: string): void {
    const path = /^(MAIL FROM|RCPT TO):<([^>]*)>\s*(.*)$/i.exec(line)
    if (path?.[1]?.toUpperCase() === 'MAIL FROM') {
      if (envelope.from !== '' || envelope.to.length > 0) return say('503 5.5.1 Nested MAIL command')
      envelope = { from: path[2] ?? '', to: [], parameters: path[3] ?? '' }
      return say('250 2.1.0 Ok')
    }
    if (path) {
      envelope.to.push(path[2] ?? '')
      return say('250 2.1.5 Ok')
    }
    if (line.toUpperCase() !== 'DATA') return say('502 5.5.2 Command not recognized')
    if (envelope.to.length === 0) return say('554 5.5.1 No valid recipients')
    reader.expectMessage()
    say('354 End data with <CR><LF>.<CR><LF>')
  }

  function hello(): void {
    const offers = [...(options.extensions ?? EXTENSIONS)]
    if (tls && !isSecure()) offers.push('STARTTLS')
    if (auth) offers.push('AUTH PLAIN LOGIN')
    const lines = ['mailbox.test', ...offers]
    say(...lines.map((text, index) => `250${index === lines.length - 1 ? ' ' : '-'}${text}`))
  }

  function startTls({ key, cert }: { key: string; cert: string }): void {
    say('220 2.0.0 Ready to start TLS')
    plain.removeAllListeners('data')
    listenTo(new TLSSocket(plain, { isServer: true, secureContext: createSecureContext({ key, cert }) }))
  }

  function authenticate(line: string): void {
    const [, mechanism = '', initial = ''] = line.split(' ')
    if (mechanism.toUpperCase() === 'PLAIN') {
      const [, name = '', pass = ''] = Buffer.from(initial, 'base64').toString().split('\0')
      return login(name, pass)
    }
    loginName = ''
    say('334 VXNlcm5hbWU6')
  }

  function loginStep(line: string): void {
    const text = Buffer.from(line, 'base64').toString()
    if (loginName === '') {
      loginName = text
      return say('334 UGFzc3dvcmQ6')
    }
    const name = loginName ?? ''
    loginName = undefined
    login(name, text)
  }

  function login(name: string, pass: string): void {
    if (name !== auth?.user || pass !== auth.pass) return say('535 5.7.8 Authentication credentials invalid')
    user = name
    say('235 2.7.0 Authentication successful')
  }

  listenTo(plain)
  say('220 mailbox.test ESMTP')
}
