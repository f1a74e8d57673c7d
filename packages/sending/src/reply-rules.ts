import type { ReplyRule } from './reply-rule.ts'
import { MAILBOX, THE_REST } from './reply-rules-recipient.ts'
import { OUR_NAME, OUR_SIDE } from './reply-rules-sender.ts'

const TABLE = [...OUR_SIDE, ...OUR_NAME, ...MAILBOX, ...THE_REST]

/** Why a relay's reply was not a yes, as the table names it. */
export type ReplyReason = (typeof TABLE)[number]['reason']

/** The table, in the order in which it is read. */
export const REPLY_RULES: readonly (ReplyRule & { reason: ReplyReason })[] = TABLE
