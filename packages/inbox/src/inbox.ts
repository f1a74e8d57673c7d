import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { LIMITS } from '@posthorn/contracts/limits'
import type { Db } from '@posthorn/db'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { parseEnvelopeId, type EmailReference } from './envelope-id.ts'
import { incomplete, notOurs, notStored, Refusal, tooLarge } from './refusals.ts'
import { emailExists, storeMessage } from './store.ts'

export interface InboxOptions {
  db: Db
  /** 0 for any that is free. */
  port: number
  /** Left out: this machine alone can connect. */
  host?: string | undefined
  /** Told of faults, which the sender sees as a refusal for now. */
  onFault?: ((error: unknown) => void) | undefined
}

export interface Inbox {
  port: number
  /** Takes no more mail, finishes what is arriving, and ends every connection. */
  close(): Promise<void>
}

const CLOSE_TIMEOUT_MS = 5_000

const BOUNDS = {
  size: LIMITS.inboxMessageBytes,
  maxClients: 64,
  maxRecipients: 100,
  maxCommandLength: 4096,
  // RFC 5321, section 4.5.3.2.7.
  socketTimeout: 5 * 60_000,
  closeTimeout: CLOSE_TIMEOUT_MS,
}

/**
 * Starts the built-in inbox: an SMTP server that keeps the mail of Posthorn's own worker, so that it can be read, and
 * refuses any other. Rejects with the system's own error when it cannot listen.
 */
export async function startInbox({ db, port, host = '127.0.0.1', onFault = () => {} }: InboxOptions): Promise<Inbox> {
  const underWay = new Map<string, Promise<void>>()
  let state: 'starting' | 'open' | 'closing' = 'starting'

  const server = new SMTPServer({
    ...BOUNDS,
    name: 'localhost',
    banner: 'Posthorn inbox',
    // With DSN (RFC 3461) comes the envelope id, which says what email a message is.
    hideDSN: false,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onMailFrom: (_address, session, answer) => work(session, requireEmail(session), answer),
    onData: (stream, session, answer) => work(session, receive(stream, session), answer),
  })

  async function requireEmail({ envelope }: SMTPServerSession): Promise<void> {
    if (!(await emailExists(db, emailOf(envelope)))) throw notOurs()
  }

  async function receive(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const source = await readWhole(stream)
    const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
    const to = envelope.rcptTo.map(({ address }) => address)
    await storeMessage(db, { email: emailOf(envelope), from, to, source })
  }

  /** A session has one thing under way at a time, since it waits for our answer. */
  function work({ id }: SMTPServerSession, task: Promise<void>, answer: (error?: Error) => void): void {
    const done = task
      .then(
        () => answer(),
        (error: unknown) => answer(refusalOf(error)),
      )
      .catch(onFault)
      .finally(() => {
        underWay.delete(id)
        if (state === 'closing') endIdle()
      })
    underWay.set(id, done)
  }

  function refusalOf(error: unknown): Refusal {
    if (error instanceof Refusal) return error
    onFault(error)
    return notStored()
  }

  function endIdle(): void {
    for (const connection of server.connections) {
      if (!underWay.has(connection.session.id)) connection.send(421, '4.3.2 The inbox is closing')
    }
  }

  async function close(): Promise<void> {
    state = 'closing'
    const closed = new Promise<void>((resolve) => server.close(resolve))
    endIdle()
    await closed
    await Promise.all(underWay.values())
  }

  server.on('error', (error) => {
    // A client that goes away in the middle is none.
    if (state !== 'starting' && !('remoteAddress' in error)) onFault(error)
  })
  await once(server.listen(port, host), 'listening')
  state = 'open'
  let closed: Promise<void> | undefined
  // Safe because it listens on a port and not on a path.
  return { port: (server.server.address() as AddressInfo).port, close: () => (closed ??= close()) }
}

function emailOf(envelope: SMTPServerSession['envelope']): EmailReference {
  const email = parseEnvelopeId(envelope.dsn?.envid)
  if (email === undefined) throw notOurs()
  return email
}

async function readWhole(stream: SMTPServerDataStream): Promise<Buffer> {
  let chunks: Buffer[] = []
  try {
    for await (const chunk of stream) {
      if (stream.sizeExceeded) chunks = []
      else chunks.push(chunk)
    }
  } catch {
    throw incomplete()
  }
  if (stream.sizeExceeded) throw tooLarge(LIMITS.inboxMessageBytes)
  return Buffer.concat(chunks)
}
