import type { Settlement } from '@posthorn/outbox'
import type { Delivery, RecipientResult } from '../transport.ts'
import { waitAfterTrouble } from './retries.ts'

export interface Asked {
  /** The address that the email is to, as the envelope has it. */
  to: string
  /** Recipients that had it before this attempt. */
  delivered: readonly string[]
  /** The number of this attempt. */
  attempt: number
  /** How often this mail was put off before. */
  deferrals: number
  /** Seconds to wait after that many deferrals. */
  waitAfter: (deferrals: number) => number
  /** Until when the relays are left alone, if they are. */
  pausedUntil: Date | undefined
}

type Next = Pick<Settlement, 'next' | 'reason'>

/** What becomes of an email after a delivery. Each recipient has an answer of its own, and nobody gets it twice for another's sake. */
export function verdictOf(delivery: Delivery, asked: Asked): Next {
  const { outcome, scope, words } = delivery
  const endOf = (delivered: readonly string[]) => (delivered.includes(asked.to) ? 'sent' : 'failed')
  const toBeTriedAgain = delivery.recipients.filter(
    (recipient) => recipient.outcome === 'deferred' || recipient.outcome === 'unknown',
  )
  if (outcome === 'deferred' && scope === 'connection') {
    const untilPauseEnds = ((asked.pausedUntil?.getTime() ?? 0) - Date.now()) / 1000
    const retryInSeconds = Math.max(untilPauseEnds + Math.random(), waitAfterTrouble(asked.attempt))
    const { delivered } = asked
    return { next: { retryInSeconds, isDeferral: false, delivered, endAtLast: endOf(delivered) }, reason: words }
  }
  if (toBeTriedAgain.length > 0) {
    const delivered = [...asked.delivered, ...addressesOf(delivery, 'accepted')]
    const retryInSeconds = asked.waitAfter(asked.deferrals + 1)
    return {
      next: { retryInSeconds, isDeferral: true, delivered, endAtLast: endOf(delivered) },
      reason: wordsFor(toBeTriedAgain) ?? words,
    }
  }
  const refused = delivery.recipients.filter((recipient) => recipient.outcome === 'rejected')
  const reason = wordsFor(refused)
  const hasIt = [...asked.delivered, ...addressesOf(delivery, 'accepted')]
  return {
    next: { end: endOf(hasIt) },
    reason: reason ?? (outcome === 'rejected' ? words : undefined),
  }
}

const addressesOf = ({ recipients }: Delivery, outcome: RecipientResult['outcome']) =>
  recipients.filter((recipient) => recipient.outcome === outcome).map(({ address }) => address)

/** What the server said, naming the recipient where it said it of several. */
function wordsFor(recipients: readonly RecipientResult[]): string | undefined {
  const [first, ...others] = recipients
  if (first === undefined) return undefined
  return others.length === 0 ? first.words : recipients.map(({ address, words }) => `${address}: ${words}`).join('; ')
}
