import type { Settlement } from '@posthorn/outbox'
import type { Delivery, RecipientResult } from '../transport.ts'
import { waitAfterTrouble } from './retries.ts'

export interface Asked {
  /** The address that the email is to, as the envelope has it. */
  to: string
  /** Recipients that had it before this attempt. */
  delivered: readonly string[]
  /** Recipients that were refused for good before this attempt, with what was said of each. */
  refused: Readonly<Record<string, string>>
  /** The number of this attempt. */
  attempt: number
  /** How often this mail was put off before. */
  deferrals: number
  /** Seconds to wait after that many deferrals. */
  waitAfter: (deferrals: number) => number
  /** Until when the relays are left alone, if they are; on the monotonic clock of this process. */
  pausedUntilMs: number | undefined
}

type Next = Pick<Settlement, 'next' | 'reason'>

/** What becomes of an email after a delivery. Each recipient has an answer of its own, and nobody gets it twice for another's sake. */
export function verdictOf(delivery: Delivery, asked: Asked): Next {
  const { outcome, scope, words } = delivery
  const endOf = (delivered: readonly string[]) => (delivered.includes(asked.to) ? 'sent' : 'failed')
  const refused = { ...asked.refused, ...saidBy(recipientsOf(delivery, 'rejected')) }
  if (outcome === 'deferred' && scope === 'connection') {
    const untilPauseEnds = ((asked.pausedUntilMs ?? 0) - performance.now()) / 1000
    const retryInSeconds = Math.max(untilPauseEnds + Math.random(), waitAfterTrouble(asked.attempt))
    const { delivered } = asked
    return {
      next: { retryInSeconds, isDeferral: false, delivered, refused, endAtLast: endOf(delivered) },
      reason: words,
    }
  }
  const delivered = [...asked.delivered, ...recipientsOf(delivery, 'accepted').map(({ address }) => address)]
  const toBeTriedAgain = recipientsOf(delivery, 'deferred', 'unknown')
  if (toBeTriedAgain.length > 0) {
    const retryInSeconds = asked.waitAfter(asked.deferrals + 1)
    return {
      next: { retryInSeconds, isDeferral: true, delivered, refused, endAtLast: endOf(delivered) },
      reason: wordsFor({ ...ofThem([asked.to], refused), ...saidBy(toBeTriedAgain) }) ?? words,
    }
  }
  return {
    next: { end: endOf(delivered) },
    reason: wordsFor(refused) ?? (outcome === 'rejected' ? words : undefined),
  }
}

/** What was said of each recipient. */
type Said = Readonly<Record<string, string>>

const recipientsOf = ({ recipients }: Delivery, ...outcomes: RecipientResult['outcome'][]) =>
  recipients.filter(({ outcome }) => outcomes.includes(outcome))

const saidBy = (recipients: readonly RecipientResult[]): Said =>
  Object.fromEntries(recipients.map(({ address, words }) => [address, words]))

const ofThem = (addresses: readonly string[], said: Said): Said =>
  Object.fromEntries(Object.entries(said).filter(([address]) => addresses.includes(address)))

/** What the server said, naming the recipient where it said it of several. */
function wordsFor(said: Said): string | undefined {
  const [first, ...others] = Object.entries(said)
  if (first === undefined) return undefined
  return others.length === 0
    ? first[1]
    : [first, ...others].map(([address, words]) => `${address}: ${words}`).join('; ')
}
