import { asciiAddress } from './addresses.ts'
import type { TransactionOutcome, Verdict } from './relay-outcome.ts'
import type { Envelope, RecipientResult } from './transport.ts'

const LONGEST_ENVELOPE_ID = 100

/** An envelope whose addresses every server takes, each of them once. */
export interface SendableEnvelope extends Envelope {
  /** Gives what was said about an address back to the recipient as it was named. */
  resultsFor: (outcome: Pick<TransactionOutcome, 'recipients'>) => RecipientResult[]
}

/** The envelope in ASCII, or why nothing of it can be sent. */
export function sendable({ from, to, envelopeId }: Envelope): SendableEnvelope | Verdict {
  const sender = from === '' ? '' : asciiAddress(from)
  const addresses = new Map([...new Set(to)].map((address) => [address, asciiAddress(address)]))
  const known = new Set([...addresses.values()].filter((address) => address !== undefined))
  if (sender === undefined) return invalid('The sender is not an address that can be sent from.')
  if (known.size === 0)
    return invalid(to.length === 0 ? 'There is no recipient.' : 'Not an address that can be sent to.')
  return {
    from: sender,
    to: [...known],
    envelopeId: envelopeId !== undefined && envelopeId.length <= LONGEST_ENVELOPE_ID ? envelopeId : undefined,
    resultsFor({ recipients }) {
      const said = new Map(recipients.map((result) => [result.address, result]))
      return [...addresses].map(([address, ascii]) => {
        const result = ascii === undefined ? undefined : said.get(ascii)
        return result === undefined ? notSent(address) : { ...result, address }
      })
    },
  }
}

function invalid(words: string): Verdict {
  return { outcome: 'rejected', scope: 'message', stage: 'rcpt', reason: 'invalid-address', words }
}

function notSent(address: string): RecipientResult {
  const { outcome, reason, words } = invalid('Not an address that can be sent to.')
  return { address, outcome, reason, words }
}
