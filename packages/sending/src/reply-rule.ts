import type { Outcome, Stage } from './stages.ts'

/** One line of the table. Every condition that is named must hold; the first line that holds decides. */
export interface ReplyRule {
  reason: string
  stages?: readonly Stage[]
  codes?: readonly number[]
  /** Tested against the enhanced code (RFC 3463), which is the empty text where the reply has none. */
  enhanced?: RegExp
  /** Tested against the text of all lines, addresses taken out. */
  words?: RegExp
  /** Left out: 4 at the front is deferred and 5 is rejected. */
  verdict?: Exclude<Outcome, 'accepted' | 'unknown'>
  scope?: 'connection'
  /** `stage: reply`, a reply that this line is there for. */
  sample: string
}
