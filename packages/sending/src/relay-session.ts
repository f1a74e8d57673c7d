import { connectionTo, slices } from './relay-connection.ts'
import type { RelaySettings } from './relay-settings.ts'
import type { Reason } from './replies.ts'
import type { Stage } from './stages.ts'
import { troubleFrom } from './relay-trouble.ts'
import type { Trouble } from './relay-trouble.ts'
import type { OutgoingMessage } from './transport.ts'

/** What was heard in one transaction. The outcome follows from this alone. */
export interface Transcript {
  /** To MAIL FROM, to each RCPT TO, to DATA and to the message, as far as they came. */
  replies: string[]
  /** From here on nobody can know whether the message was taken, unless it is said. */
  isDotSent: boolean
  trouble?: Trouble | undefined
}

export interface Session {
  readonly isOpen: boolean
  /** How many transactions it has had. */
  readonly sent: number
  open: () => Promise<Trouble | undefined>
  transact: (message: Omit<OutgoingMessage, 'signal'>) => Promise<Transcript>
  /** Ends a transaction that stopped half-way, so that the next one can begin. */
  reset: () => Promise<Trouble | undefined>
  /** Says goodbye and resolves when the connection is gone. */
  quit: () => Promise<void>
  /** Ends the connection at once; a conversation on it ends with this reason. */
  interrupt: (reason: Reason, words: string) => void
  close: () => void
}

const GOODBYE_MS = 2000

export function createSession(settings: RelaySettings, useTls: boolean): Session {
  const { timeouts } = settings
  let stage: Stage = 'connect'
  let timer: NodeJS.Timeout | undefined
  let sent = 0
  let isOpen = true
  let onReply: (reply: string) => void = () => undefined
  let pending: PromiseWithResolvers<Trouble | undefined> | undefined
  const ended = Promise.withResolvers<void>()

  const connection = connectionTo(settings, {
    useTls,
    connected: () => enter('greeting'),
    reply: (text) => onReply(text),
  })
  connection.on('error', (error) => finish(troubleFrom(error, { stage, isUpgrading: connection.upgrading })))
  connection.on('end', () => {
    isOpen = false
    finish({ stage, reason: 'connection', words: 'The connection was closed.' })
    ended.resolve()
  })

  function enter(next: Stage): void {
    // The rest of a message may still be read after its conversation has ended.
    if (pending === undefined) return
    stage = next
    clearTimeout(timer)
    const ms = timeLimit(timeouts, stage)
    timer = setTimeout(() => interrupt('timeout', `No answer within ${ms} ms.`), ms)
  }

  function begin(first: Stage): Promise<Trouble | undefined> {
    pending = Promise.withResolvers<Trouble | undefined>()
    enter(first)
    return pending.promise
  }

  function finish(trouble?: Trouble): void {
    clearTimeout(timer)
    onReply = () => undefined
    pending?.resolve(trouble)
    pending = undefined
  }

  function interrupt(reason: Reason, words: string): void {
    finish({ stage, reason, words })
    connection.close()
  }

  /** A message and its final dot in one segment: one call to the kernel less for each. */
  function writeTogether(): void {
    const socket = connection._socket
    if (!socket) return
    socket.cork()
    setImmediate(() => socket.uncork())
  }

  function logIn(auth: { user: string; pass: string }): void {
    if (!connection.allowsAuth) {
      return finish({ stage: 'auth', reason: 'authentication-failed', words: 'The relay offers no authentication.' })
    }
    enter('auth')
    onReply = () => enter('auth')
    connection.login({ ...auth }, (error) => finish(error ? troubleFrom(error, { stage }) : undefined))
  }

  return {
    get isOpen() {
      return isOpen
    },
    get sent() {
      return sent
    },
    open() {
      const opened = begin('connect')
      onReply = (reply) => {
        if (stage === 'greeting' && !reply.startsWith('220')) return
        // EHLO, STARTTLS and EHLO again: each gets the time of a command.
        enter('hello')
      }
      connection.connect((error) => {
        if (error) return finish(troubleFrom(error, { stage }))
        if (settings.auth) return logIn(settings.auth)
        finish()
      })
      return opened
    },
    async transact({ envelope: { from, to, envelopeId }, bytes, isWanted }) {
      sent++
      const transcript: Transcript = { replies: [], isDotSent: false }
      const ending = begin('mail')
      onReply = (reply) => {
        transcript.replies.push(reply)
        const next = stageAfter(transcript.replies.length, to.length)
        if (next !== undefined) return enter(next)
        if (!transcript.isDotSent && isWanted?.() === false) interrupt('aborted', 'The mail was taken back.')
      }
      const message = slices(bytes, {
        progress() {
          enter('body')
          writeTogether()
        },
        end() {
          transcript.isDotSent = true
          enter('final')
        },
      })
      const dsn = envelopeId === undefined ? undefined : { envid: envelopeId }
      connection.send({ from, to: [...to], size: bytes.length, dsn }, message, (error) => {
        // A reply says it all; an error without one is nodemailer's own.
        finish(error && !error.response ? troubleFrom(error, { stage }) : undefined)
      })
      transcript.trouble = await ending
      return transcript
    },
    reset() {
      const done = begin('mail')
      connection.reset((error) => finish(error ? troubleFrom(error, { stage }) : undefined))
      return done
    },
    quit() {
      const giveUp = setTimeout(() => connection.close(), GOODBYE_MS)
      connection.quit()
      return ended.promise.finally(() => clearTimeout(giveUp))
    },
    interrupt,
    close: () => connection.close(),
  }
}

/** What is waited for after so many replies: to MAIL, to each RCPT, to DATA. The message's own stages follow its bytes. */
function stageAfter(replies: number, recipients: number): Stage | undefined {
  if (replies <= recipients) return 'rcpt'
  return replies === recipients + 1 ? 'data' : undefined
}

function timeLimit(timeouts: RelaySettings['timeouts'], stage: Stage): number {
  if (stage === 'connect') return timeouts.connectMs
  if (stage === 'greeting') return timeouts.greetingMs
  if (stage === 'body') return timeouts.blockMs
  return stage === 'final' ? timeouts.finalMs : timeouts.commandMs
}
