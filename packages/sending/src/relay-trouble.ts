import { parseReply } from './replies.ts'
import type { Reason } from './replies.ts'
import type { Stage } from './stages.ts'

/** What ended a conversation other than a reply to the mail. */
export interface Trouble {
  stage: Stage
  reason: Reason
  words: string
  /** The reply that ended it, if one did. */
  reply?: string | undefined
}

/** What nodemailer adds to the errors it reports. */
interface ConnectionError extends Error {
  code?: string | undefined
  /** The code that Node gave, before nodemailer put its own in its place. */
  originalCode?: string | undefined
  response?: string | undefined
}

const TLS_CODES = /TLS|SSL|CERT|SIGNED|VERIFY|CRL|ISSUER/

export function troubleFrom(
  error: ConnectionError,
  { stage, isUpgrading = false }: { stage: Stage; isUpgrading?: boolean | undefined },
): Trouble {
  if (error.response !== undefined) {
    return { stage, reason: 'connection', words: parseReply(error.response).words, reply: error.response }
  }
  const { words } = parseReply(error.message)
  return { stage, reason: isUpgrading ? 'tls' : reasonOf(error), words }
}

function reasonOf(error: ConnectionError): Reason {
  if (error.code === 'ETLS' || TLS_CODES.test(error.originalCode ?? '')) return 'tls'
  if (error.code === 'ETIMEDOUT') return 'timeout'
  if (error.code === 'EPROTOCOL') return 'garbled'
  if (error.code === 'EAUTH') return 'authentication-failed'
  // Checked against what the server announced, before anything is said about this mail.
  if (error.code === 'EMESSAGE') return 'message-too-large'
  return error.code === 'EENVELOPE' ? 'invalid-address' : 'connection'
}
