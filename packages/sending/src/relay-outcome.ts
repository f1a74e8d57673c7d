import { judgeReply } from './replies.ts'
import type { Judgement } from './replies.ts'
import type { Trouble } from './relay-trouble.ts'
import type { Transcript } from './relay-session.ts'
import type { Stage } from './stages.ts'
import type { Delivery, RecipientResult } from './transport.ts'

/** An answer and where in the conversation it was given. */
export interface Verdict extends Judgement {
  stage: Stage
}

export type TransactionOutcome = Omit<Delivery, 'durationMs' | 'relay'>

/** What a transaction came to, for the message and for each recipient. */
export function judgeTransaction(recipients: readonly string[], transcript: Transcript): TransactionOutcome {
  const { replies } = transcript
  const mail = judgeAt('mail', replies[0], transcript)
  if (mail.outcome !== 'accepted') return forAll(recipients, mail)
  const answers = recipients.map((_, index) => judgeAt('rcpt', replies[index + 1], transcript))
  if (!answers.some(({ outcome }) => outcome === 'accepted')) return combined(recipients, answers, weightiest(answers))
  const overall = judgeMessage(replies.slice(recipients.length + 1), transcript)
  const settled = answers.map((answer) => (answer.outcome === 'accepted' ? overall : answer))
  return combined(recipients, settled, overall)
}

/** Everything that a trouble before the first command, or our own refusal, means for a message. */
export function forAll(recipients: readonly string[], verdict: Verdict): TransactionOutcome {
  return combined(
    recipients,
    recipients.map(() => verdict),
    verdict,
  )
}

export function judgeTrouble({ stage, reason, words, reply }: Trouble): Verdict {
  if (reply !== undefined) return { ...judgeReply(stage, reply), stage }
  if (reason === 'message-too-large' || reason === 'invalid-address')
    return { outcome: 'rejected', scope: 'message', reason, words, stage }
  return { outcome: 'deferred', scope: 'connection', reason, words, stage }
}

function judgeMessage([data, final]: string[], transcript: Transcript): Verdict {
  const { isDotSent, trouble } = transcript
  const start = judgeAt('data', data, transcript)
  if (start.outcome !== 'accepted' && !isDotSent) return start
  if (final === undefined) {
    const lost = judgeTrouble(trouble ?? { stage: 'body', reason: 'connection', words: '' })
    if (isDotSent && lost.code === undefined) return { ...lost, outcome: 'unknown', stage: 'final' }
    return lost
  }
  const end: Verdict = { ...judgeReply('final', final), stage: isDotSent ? 'final' : 'body' }
  // A yes before the message was there, or without a 354 before it, is the answer to something else.
  const isOutOfStep = end.outcome === 'accepted' && (!isDotSent || start.outcome !== 'accepted')
  return isOutOfStep
    ? { ...end, outcome: isDotSent ? 'unknown' : 'deferred', scope: 'connection', reason: 'garbled' }
    : end
}

function judgeAt(stage: Stage, reply: string | undefined, { trouble }: Transcript): Verdict {
  if (reply !== undefined) return { ...judgeReply(stage, reply), stage }
  return judgeTrouble(trouble ?? { stage, reason: 'connection', words: 'The conversation ended.' })
}

/** Of several refusals the one to report: what can still change comes first. */
function weightiest(answers: readonly Verdict[]): Verdict {
  const first =
    answers.find(({ scope }) => scope === 'connection') ??
    answers.find(({ outcome }) => outcome === 'deferred') ??
    answers[0]
  // Safe because a transaction has at least one recipient.
  return first!
}

function combined(recipients: readonly string[], answers: readonly Verdict[], overall: Verdict): TransactionOutcome {
  const results = recipients.map((address, index): RecipientResult => {
    const { outcome, reason, code, enhancedCode, words } = answers[index] ?? overall
    return { address, outcome, reason, code, enhancedCode, words }
  })
  return { ...overall, recipients: results }
}
