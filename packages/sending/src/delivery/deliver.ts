import type { Db } from '@posthorn/db'
import type { ClaimedEmail, Settlement } from '@posthorn/outbox'
import { compose } from '../compose.ts'
import { ComposeError } from '../compose-headers.ts'
import type { Relays } from '../relays.ts'
import type { Delivery } from '../transport.ts'
import type { Budget } from './budget.ts'
import { isOver, isTooLate, type Held } from './leases.ts'
import { loadAttachments, type LoadedEmail } from './load.ts'
import type { Settler } from './settler.ts'
import { verdictOf } from './verdict.ts'

/** A mail that so many workers in a row did not survive is set aside rather than allowed to end a further one. */
const MOST_LOST_LEASES = 5

/** The points at which a worker may die, in order. */
export type Step = 'claimed' | 'composed' | 'delivered' | 'settled'

export interface Deliverer {
  db: Db
  relays: Relays
  /** Whether the relays are the built-in inbox. */
  captures: boolean
  settler: Settler
  attachments: Budget
  /** Waits until it is written down that the email is about to begin. */
  announce: (held: Held) => Promise<void>
  /** Waits for a free connection. */
  turn: () => Promise<void>
  /** Says that a connection is free again. */
  turnEnded: () => void
  /** Notes that an email is on its way, and can no more be handed back as untried. */
  begin: (held: Held) => void
  waitAfter: (deferrals: number) => number
  onStep: (step: Step, emailId: string) => void
  /** Told of every delivery, for what the relays' health means to others. */
  onDelivery: (delivery: Delivery) => void
}

/** Takes one claimed email from here to its settlement. Where it returns early, the lease ends by itself. */
export async function deliver(
  worker: Deliverer,
  held: Held,
  { claimed, loaded }: { claimed: ClaimedEmail; loaded: ReadonlyMap<string, LoadedEmail> | undefined },
): Promise<void> {
  const { projectId, token } = held.claim
  const settle = async (settlement: Pick<Settlement, 'next' | 'reason' | 'attempt'>) => {
    held.isSettled = await worker.settler.add(projectId, { emailId: held.emailId, token, ...settlement })
  }
  const fail = (reason: string) => settle({ next: { end: 'failed' }, reason })

  if (claimed.lostLeases >= MOST_LOST_LEASES) {
    return fail(`${claimed.lostLeases} workers in a row stopped while they had this mail; it was set aside.`)
  }
  // What could not be loaded now is due again when its lease ends.
  if (loaded === undefined) return
  const email = loaded.get(held.emailId)
  if (email === undefined) return fail('Its content is gone.')
  // Senders are not checked for the inbox, so what was accepted for it must never go out, nor the other way round.
  if (email.captured !== worker.captures) {
    return fail(
      email.captured
        ? 'It was accepted for the built-in inbox, and mail goes to a relay now. Send it again.'
        : 'It was accepted for a relay, and mail goes to the built-in inbox now. Send it again.',
    )
  }
  if (!email.isWelcome) {
    const isDone = claimed.delivered.includes(email.to.email)
    return settle({ next: { end: isDone ? 'sent' : 'cancelled' }, reason: 'The recipient is not subscribed any more.' })
  }
  const attachmentBytes = email.attachmentBytes * COPIES_IN_MEMORY
  if (attachmentBytes > 0) await worker.attachments.take(attachmentBytes)
  try {
    if (!held.isHeld) return
    const bytes = await composed(worker.db, projectId, email)
    if (!Buffer.isBuffer(bytes)) return await fail(`It cannot be composed: ${bytes.message}`)
    worker.onStep('composed', held.emailId)
    // What was handed back meanwhile must not stand in line: while the relays are away nobody calls it.
    if (held.isHeld) await worker.announce(held)
    if (held.isHeld) await worker.turn()
    if (!held.isHeld || isTooLate(held)) return
    worker.begin(held)
    const startedAt = new Date()
    const delivery = await worker.relays.send({
      envelope: envelopeOf(held, email, claimed),
      bytes,
      isWanted: () => !isOver(held),
    })
    // The next mail takes the connection while this one is written down.
    worker.turnEnded()
    worker.onStep('delivered', held.emailId)
    worker.onDelivery(delivery)
    const { attempt, delivered, refused, deferrals } = claimed
    const asked = {
      to: email.to.email,
      delivered,
      refused,
      attempt,
      deferrals,
      waitAfter: worker.waitAfter,
      pausedUntilMs: worker.relays.pausedUntilMs,
    }
    await settle({ ...verdictOf(delivery, asked), attempt: { ...delivery, startedAt } })
    worker.onStep('settled', held.emailId)
  } finally {
    if (attachmentBytes > 0) worker.attachments.giveBack(attachmentBytes)
  }
}

/** As bytes from the database, as base64, and in the message. */
const COPIES_IN_MEMORY = 3

async function composed(db: Db, projectId: string, email: LoadedEmail): Promise<Buffer | ComposeError> {
  const attachments = email.attachmentBytes > 0 ? await loadAttachments(db, projectId, email.contentId) : []
  try {
    return compose({ ...email, attachments })
  } catch (error) {
    if (error instanceof ComposeError) return error
    throw error
  }
}

function envelopeOf(
  { claim: { projectId }, emailId }: Held,
  { from, to, cc, bcc }: LoadedEmail,
  { delivered, refused }: Pick<ClaimedEmail, 'delivered' | 'refused'>,
) {
  const recipients = [to, ...cc, ...bcc].map(({ email }) => email)
  const isSettled = (address: string) => delivered.includes(address) || Object.hasOwn(refused, address)
  return {
    from: from.email,
    to: recipients.filter((address) => !isSettled(address)),
    envelopeId: `${projectId}.${emailId}`,
  }
}
