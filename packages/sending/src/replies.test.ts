import { describe, expect, test } from 'vitest'
import { findRule, judgeReply, parseReply } from './replies.ts'
import { REPLY_RULES } from './reply-rules.ts'
import type { Stage } from './stages.ts'

const split = (sample: string): [Stage, string] => {
  const [, stage = '', reply = ''] = /^(\w+): ([\s\S]*)$/.exec(sample) ?? []
  // Safe because the samples are checked against a stage's reply right below.
  return [stage as Stage, reply]
}

describe('the table of rules', () => {
  test.each(REPLY_RULES.map((rule, index) => ({ index, ...rule })))(
    'line $index, $reason: $sample',
    ({ index, ...rule }) => {
      const [stage, reply] = split(rule.sample)
      // Not only the reason: a line that another one hides would never be read.
      expect(REPLY_RULES.findIndex((line) => line === findRule(stage, parseReply(reply)))).toBe(index)
      const judged = judgeReply(stage, reply)
      expect(judged.reason).toBe(rule.reason)
      expect(judged.scope).toBe(rule.scope ?? 'message')
      expect(judged.outcome).toBe(rule.verdict ?? (reply.startsWith('4') ? 'deferred' : 'rejected'))
    },
  )
})

const verdicts: [string, string, string][] = [
  ['rcpt: 250 2.1.5 Ok', 'accepted', 'ok'],
  ['data: 354 End data with <CR><LF>.<CR><LF>', 'accepted', 'ok'],
  ['final: 250 2.0.0 Ok: queued as 4F9D195432C', 'accepted', 'ok'],
  ['final: 250', 'accepted', 'ok'],
  ['rcpt: 550 5.1.1 <reader@example.net>: Recipient address rejected: User unknown', 'rejected', 'no-such-user'],
  ['rcpt: 550 5.1.1 <spam@example.net>: user unknown', 'rejected', 'no-such-user'],
  ['rcpt: 450 4.1.1 <reader@example.net>: user unknown', 'deferred', 'no-such-user'],
  ['rcpt: 550 4.1.1 user unknown', 'deferred', 'no-such-user'],
  ['rcpt: 450 5.1.1 user unknown', 'deferred', 'no-such-user'],
  ['rcpt: 550 user unknown', 'rejected', 'no-such-user'],
  ['rcpt: 550 User unknown (#5.1.1)', 'rejected', 'no-such-user'],
  [
    "rcpt: 554 delivery error: dd This user doesn't have a mail.example account (reader@mail.example) [0]",
    'rejected',
    'no-such-user',
  ],
  ['rcpt: 550 5.2.2 user over quota', 'deferred', 'mailbox-full'],
  ['rcpt: 552 5.2.2 The email account is over quota', 'deferred', 'mailbox-full'],
  ['rcpt: 552 mailbox exceeded storage allocation', 'deferred', 'mailbox-full'],
  ['rcpt: 550 5.7.1 user unknown, or you are not welcome', 'rejected', 'policy'],
  ['rcpt: 550 5.1.1 rejected: 192.0.2.1 is listed on a blocklist', 'rejected', 'blocklisted'],
  ['rcpt: 550 exim 4.94.2 says no', 'rejected', 'refused'],
  ['rcpt: 550 host 5.1.1.7 says no', 'rejected', 'refused'],
  ['rcpt: 554 Transaction failed', 'rejected', 'refused'],
  ['rcpt: 521 5.3.2 Host does not accept mail', 'rejected', 'accepts-no-mail'],
  ['mail: 421 Too busy', 'deferred', 'connection'],
  ['final: 421 4.4.2 Timeout', 'deferred', 'connection'],
  ['greeting: 554 5.7.1 No SMTP service here, listed at zen.spamhaus.org', 'deferred', 'blocklisted'],
  ['hello: 550 5.7.1 Access denied', 'deferred', 'policy'],
  ['auth: 454 4.7.0 Temporary authentication failure', 'deferred', 'authentication-failed'],
  ['final: 451 4.7.500 Server busy, please try again later', 'deferred', 'policy'],
  ['final: hello there', 'unknown', 'garbled'],
  ['final: ', 'unknown', 'garbled'],
  ['final: 354 go ahead', 'unknown', 'garbled'],
  ['final: 25', 'unknown', 'garbled'],
  ['rcpt: hello there', 'deferred', 'garbled'],
  ['data: 250 Ok', 'deferred', 'garbled'],
  ['mail: 999 what', 'deferred', 'garbled'],
]

test.each(verdicts)('%s is %s (%s)', (sample, outcome, reason) => {
  const judged = judgeReply(...split(sample))
  expect([judged.outcome, judged.reason]).toEqual([outcome, reason])
})

test('whatever is said before the mail begins is never held against a mail', () => {
  for (const stage of ['greeting', 'hello', 'auth'] as const) {
    for (const reply of ['450 4.1.1 no', '550 5.1.1 no', '421 bye', 'rubbish', '250-half']) {
      expect(judgeReply(stage, reply)).toMatchObject(
        reply.startsWith('2') ? { outcome: 'accepted' } : { outcome: 'deferred', scope: 'connection' },
      )
    }
  }
})

test('a reply of several lines is read whole', () => {
  expect(
    parseReply(
      '550-5.7.26 This mail has been blocked\n550-5.7.26 because the sender is unauthenticated.\n550 5.7.26 Learn more',
    ),
  ).toEqual({
    code: 550,
    enhancedCode: '5.7.26',
    words: 'This mail has been blocked because the sender is unauthenticated. Learn more',
  })
  expect(judgeReply('final', '550-Sorry\n550-we checked\n550 and this is spam').reason).toBe('spam-suspected')
})

test('words are on one line, without control characters, and not without end', () => {
  expect(parseReply('550 a\u0000b\u001b[31mc\td').words).toBe('a b [31mc d')
  expect(parseReply(`550 ${'x'.repeat(100_000)}`).words).toHaveLength(1000)
})

test('a reply of a megabyte is judged in milliseconds', () => {
  const started = performance.now()
  for (const filler of ['user ', '4.4 ', '(5.1.', 'a@', '<', 'sender ', 'mailbox ', ' '])
    judgeReply('final', `550 ${filler.repeat(1_000_000 / filler.length)}`)
  expect(performance.now() - started).toBeLessThan(3000)
})
