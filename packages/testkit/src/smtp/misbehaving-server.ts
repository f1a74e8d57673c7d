import { createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { commandReader, type CommandReader } from './command-reader.ts'
import { listen } from './listen.ts'

/** Where the server can misbehave. `body` is while a message comes in, `final` after its last dot. */
export type ServerStage =
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'final'
  | 'rset'
  | 'quit'
  | 'other'

/**
 * What it does there. A text that begins with a code is the reply, `\n` between its lines; after a 421 the connection
 * is closed. `drip` says the right thing, one byte at a time. `ok-drop` says it and is gone.
 */
export type Behaviour = 'ok' | 'drop' | 'stall' | 'garbage' | 'drip' | 'ok-drop' | `${number}${string}`

export interface Turn {
  stage: ServerStage
  /** Counted from 1. */
  connection: number
  /** Counted from 1 within the connection; 0 before the first MAIL FROM. */
  message: number
  /** The command as it came; empty at `connect`, `greeting`, `body` and `final`. */
  line: string
}

export type Script = Partial<Record<ServerStage, Behaviour | ((turn: Turn) => Behaviour)>>

export interface Conversation {
  connection: number
  /** `C: …` and `S: …`; messages are shown as their size. */
  lines: string[]
}

export interface HeardMessage {
  connection: number
  from: string
  to: string[]
  raw: Buffer
  /** Whether a 250 was sent for it. */
  answered: boolean
}

export interface MisbehavingServer {
  port: number
  url: string
  /** Every message that came in to its last dot, answered or not. */
  messages: HeardMessage[]
  conversations: Conversation[]
  /** How many connections are open now. */
  readonly open: number
  /** Replaces the script from now on. */
  behave: (script: Script) => void
  close: () => Promise<void>
}

export interface MisbehavingServerOptions {
  /** What EHLO offers; nothing by default, so that every command waits for its reply. */
  extensions?: string[]
  dripMs?: number
}

const GARBAGE = '<html><body>It works!</body></html>'

/** An SMTP server that goes wrong where and how the script says, and writes down what was said. */
export async function misbehavingSmtpServer(
  script: Script = {},
  options: MisbehavingServerOptions = {},
): Promise<MisbehavingServer> {
  const { extensions = [], dripMs = 20 } = options
  const messages: HeardMessage[] = []
  const conversations: Conversation[] = []
  let current = script

  const server = createServer((socket) => {
    const record: Conversation = { connection: conversations.length + 1, lines: [] }
    conversations.push(record)
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    const behaviourAt = (turn: Omit<Turn, 'connection'>): Behaviour => {
      const behaviour = current[turn.stage] ?? 'ok'
      return typeof behaviour === 'function' ? behaviour({ ...turn, connection: record.connection }) : behaviour
    }
    void converse({ socket, record, messages, extensions, dripMs, behaviourAt })
  })
  const { port, sockets, close } = await listen(server)

  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    messages,
    conversations,
    get open() {
      return sockets.size
    },
    behave: (next) => void (current = next),
    close,
  }
}

interface Setting {
  socket: Socket
  record: Conversation
  messages: HeardMessage[]
  extensions: string[]
  dripMs: number
  behaviourAt: (turn: Omit<Turn, 'connection'>) => Behaviour
}

type Event = { stage: ServerStage; line: string; raw?: Buffer }

async function converse(setting: Setting): Promise<void> {
  const { socket, record, messages } = setting
  const events: Event[] = [
    { stage: 'connect', line: '' },
    { stage: 'greeting', line: '' },
  ]
  let wake: () => void = () => undefined
  const happen = (event: Event) => {
    events.push(event)
    wake()
  }
  const reader: CommandReader = commandReader({
    command(line) {
      record.lines.push(`C: ${line}`)
      happen({ stage: stageOf(line), line })
    },
    body: () => happen({ stage: 'body', line: '' }),
    message(raw) {
      record.lines.push(`C: ${raw.length} bytes and the last dot`)
      happen({ stage: 'final', line: '', raw })
    },
  })
  socket.on('data', (chunk) => reader.push(chunk))
  socket.once('close', () => wake())

  let envelope = { from: '', to: [] as string[] }
  let message = 0
  while (!socket.destroyed) {
    const event = events.shift()
    if (event === undefined) {
      await new Promise<void>((resolve) => (wake = resolve))
      continue
    }
    if (event.stage === 'mail') message++
    const behaviour = setting.behaviourAt({ stage: event.stage, line: event.line, message })
    const heard = event.raw && { connection: record.connection, ...envelope, raw: event.raw, answered: false }
    if (heard) messages.push(heard)
    const said = await act({ ...setting, reader }, { event, behaviour })
    const taken = said?.startsWith('2') ?? false
    if (heard) heard.answered = taken
    if (event.stage === 'mail') envelope = { from: pathOf(event.line), to: [] }
    if (event.stage === 'rcpt' && taken) envelope.to.push(pathOf(event.line))
  }
}

/** Does what the script says and returns what was said, if anything. */
async function act(
  setting: Setting & { reader: CommandReader },
  { event, behaviour }: { event: Event; behaviour: Behaviour },
): Promise<string | undefined> {
  const { socket, record, reader } = setting
  if (behaviour === 'drop') {
    record.lines.push('S: (drops the connection)')
    socket.destroy()
    return undefined
  }
  if (behaviour === 'stall') {
    record.lines.push('S: (stalls)')
    socket.pause()
    await new Promise((resolve) => socket.once('close', resolve))
    return undefined
  }
  const text = wording(behaviour) ?? rightReply(event, setting.extensions)
  if (text === undefined) return undefined
  record.lines.push(`S: ${text}`)
  const bytes = `${text.replaceAll('\n', '\r\n')}\r\n`
  // Before the 354 is out, or the first bytes of the message would be read as a command.
  if (event.stage === 'data' && text.startsWith('3')) reader.expectMessage()
  if (behaviour === 'drip') await drip(socket, { bytes, dripMs: setting.dripMs })
  else socket.write(bytes)
  if (behaviour === 'ok-drop' || text.startsWith('421') || event.stage === 'quit') socket.end()
  return text
}

function wording(behaviour: Behaviour): string | undefined {
  if (behaviour === 'garbage') return GARBAGE
  return /^\d/.test(behaviour) ? behaviour : undefined
}

async function drip(socket: Socket, { bytes, dripMs }: { bytes: string; dripMs: number }): Promise<void> {
  for (const byte of bytes) {
    if (socket.destroyed) return
    socket.write(byte)
    await pause(dripMs)
  }
}

function rightReply({ stage, line }: Event, extensions: string[]): string | undefined {
  switch (stage) {
    case 'connect':
    case 'body':
      return undefined
    case 'greeting':
      return '220 misbehaving.test ESMTP'
    case 'ehlo':
      return ['misbehaving.test', ...extensions]
        .map((text, index) => `250${index === extensions.length ? ' ' : '-'}${text}`)
        .join('\n')
    case 'starttls':
      return '220 2.0.0 Ready to start TLS'
    case 'other':
      return '502 5.5.2 Command not recognized'
    case 'auth':
      return '235 2.7.0 Authentication successful'
    case 'data':
      return '354 Go ahead'
    case 'quit':
      return '221 2.0.0 Bye'
    default:
      return line === '' ? '250 2.0.0 Ok: queued' : '250 2.1.0 Ok'
  }
}

function stageOf(line: string): ServerStage {
  const verb = line.slice(0, 4).toUpperCase()
  if (verb === 'EHLO' || verb === 'HELO') return 'ehlo'
  if (verb === 'STAR') return 'starttls'
  const known = (['auth', 'mail', 'rcpt', 'data', 'rset', 'quit'] as const).find(
    (stage) => stage.toUpperCase() === verb,
  )
  return known ?? 'other'
}

function pathOf(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? ''
}
