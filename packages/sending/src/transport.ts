import type { Reason } from './replies.ts'
import type { Outcome, Scope, Stage } from './stages.ts'

export interface Envelope {
  /** The return path; empty for the null sender. */
  from: string
  to: readonly string[]
  /** RFC 3461's ENVID, which comes back in bounces; sent where the server offers DSN. */
  envelopeId?: string | undefined
}

export interface OutgoingMessage {
  envelope: Envelope
  /** A whole message with CRLF line ends; dot-stuffing is done on the way. */
  bytes: Buffer
  /** Ends the conversation where it stands. What is then unknown is reported as unknown. */
  signal?: AbortSignal | undefined
  /** Asked once more before the message itself is written; where it says no, the conversation ends there. */
  isWanted?: (() => boolean) | undefined
}

export interface Answer {
  outcome: Outcome
  reason: Reason
  code?: number | undefined
  enhancedCode?: string | undefined
  /** What was said or what happened, in one line to show to people. */
  words: string
}

/** One recipient of a transaction has an answer of its own: a refusal of one is none of the others. */
export interface RecipientResult extends Answer {
  address: string
}

export interface Delivery extends Answer {
  /** `connection`: nothing is held against the mail; it may go again as soon as a relay takes it. */
  scope: Scope
  stage: Stage
  durationMs: number
  /** Host and port, never a password. */
  relay: string
  /** Each recipient once, in the order of the envelope. `outcome` above is `accepted` where at least one was. */
  recipients: RecipientResult[]
}

export interface Relay {
  /** Host and port, never a password. */
  readonly name: string
  /** How many messages it would take on at once now: none while it pauses, one while it is tried again. */
  readonly free: number
  /** How many messages wait for a free connection. */
  readonly waiting: number
  /** Set while the relay is left alone after trouble; on the monotonic clock of this process (`performance.now()`). */
  readonly pausedUntilMs: number | undefined
  readonly pauseReason: string | undefined
  /** Never rejects: what goes wrong is the delivery's outcome. */
  send: (message: OutgoingMessage) => Promise<Delivery>
  /** Takes no more messages, lets those on their way finish until the deadline, then ends them. */
  close: (deadlineMs?: number) => Promise<void>
}
