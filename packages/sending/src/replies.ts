import type { ReplyRule } from './reply-rule.ts'
import { REPLY_RULES } from './reply-rules.ts'
import type { ReplyReason } from './reply-rules.ts'
import type { Outcome, Scope, Stage } from './stages.ts'

/** Why a mail was not simply taken: the reply table's reasons, and what happens where there is no reply. */
export type Reason =
  | ReplyReason
  | 'ok'
  | 'refused'
  | 'temporary'
  | 'garbled'
  | 'timeout'
  | 'aborted'
  | 'relay-paused'
  | 'invalid-address'

export interface Judgement {
  outcome: Outcome
  scope: Scope
  reason: Reason
  code?: number | undefined
  /** RFC 3463, as in `5.1.1`. */
  enhancedCode?: string | undefined
  /** What the server said, without its codes, on one line. */
  words: string
}

export interface Reply {
  /** Undefined where the text is no SMTP reply at all. */
  code: number | undefined
  enhancedCode: string | undefined
  words: string
}

const MOST_WORDS = 1000
const EXPECTED_DIGIT: Partial<Record<Stage, string>> = { data: '3' }
const BEFORE_THE_MAIL: ReadonlySet<Stage> = new Set(['connect', 'greeting', 'hello', 'auth'])

/** Reads all lines of a reply (RFC 5321, section 4.2; RFC 2034 for the enhanced code). */
export function parseReply(text: string): Reply {
  const lines = text.split(/\r?\n/)
  const code = /^([2-5]\d\d)(?:[ -]|$)/.exec(text)?.[1]
  const spoken = lines.map((line) => line.replace(/^\d{3}(?:[ -]|$)/, ''))
  const leading = /^([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/
  const enhancedCode = leading.exec(spoken[0] ?? '')?.[1] ?? enhancedCodeWithin(spoken.join(' '), code)
  const words = spoken.map((line) => line.replace(leading, '').trim()).join(' ')
  return { code: code === undefined ? undefined : Number(code), enhancedCode, words: readable(words) }
}

/** Some servers write `550 User unknown (#5.1.1)`; version numbers and addresses must not pass for that. */
function enhancedCodeWithin(text: string, code: string | undefined): string | undefined {
  const match = /(?:^|[\s#([<])([45]\.[0-7]\.\d{1,3})(?=[\s)\]>:;,]|\.?$)/.exec(text)?.[1]
  return match !== undefined && match[0] === code?.[0] ? match : undefined
}

/** What a reply means at a stage of the conversation. */
export function judgeReply(stage: Stage, text: string): Judgement {
  const reply = parseReply(text)
  const said = { code: reply.code, enhancedCode: reply.enhancedCode, words: reply.words }
  const digit = String(reply.code ?? '')[0]
  if (digit !== undefined && digit === (EXPECTED_DIGIT[stage] ?? '2'))
    return { outcome: 'accepted', scope: 'message', reason: 'ok', ...said }
  if (reply.code === undefined || reply.code < 400) {
    return { outcome: stage === 'final' ? 'unknown' : 'deferred', scope: 'connection', reason: 'garbled', ...said }
  }
  const rule = findRule(stage, reply)
  const reason = rule?.reason ?? (digit === '4' ? 'temporary' : 'refused')
  if (BEFORE_THE_MAIL.has(stage)) return { outcome: 'deferred', scope: 'connection', reason, ...said }
  return { outcome: rule?.verdict ?? verdictByCode(reply), scope: rule?.scope ?? 'message', reason, ...said }
}

/** The line of the table that decides about a refusal. */
export function findRule(stage: Stage, reply: Reply): (typeof REPLY_RULES)[number] | undefined {
  const bare = { ...reply, words: withoutAddresses(reply.words) }
  return REPLY_RULES.find((rule) => holds(rule, { stage, reply: bare }))
}

/** Where the two codes disagree nobody has proved that it is for good. */
function verdictByCode({ code, enhancedCode }: Reply): 'deferred' | 'rejected' {
  return String(code).startsWith('4') || enhancedCode?.startsWith('4') ? 'deferred' : 'rejected'
}

function holds(rule: ReplyRule, { stage, reply }: { stage: Stage; reply: Reply }): boolean {
  if (rule.stages !== undefined && !rule.stages.includes(stage)) return false
  if (rule.codes !== undefined && !rule.codes.includes(reply.code ?? 0)) return false
  if (rule.enhanced !== undefined && !rule.enhanced.test(reply.enhancedCode ?? '')) return false
  return rule.words === undefined || rule.words.test(reply.words)
}

function withoutAddresses(words: string): string {
  return words.replace(/<[^<>]*>|[^\s<>]+@[^\s<>]+/g, '')
}

function readable(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MOST_WORDS)
}
