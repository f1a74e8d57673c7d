import { describe, expect, test } from 'vitest'
import type { Delivery, RecipientResult } from '../transport.ts'
import { verdictOf, type Asked } from './verdict.ts'

const TO = 'to@example.com'
const CC = 'cc@example.com'
const BCC = 'bcc@example.com'
const WAIT = 777

const asked = (more: Partial<Asked> = {}): Asked => ({
  to: TO,
  delivered: [],
  refused: {},
  attempt: 1,
  deferrals: 0,
  waitAfter: () => WAIT,
  pausedUntilMs: undefined,
  ...more,
})

type Said = RecipientResult['outcome']
const words = { accepted: 'Ok', deferred: 'Not now', rejected: 'No such user', unknown: 'Lost' }

/** A delivery as the relay reports it: accepted as soon as one recipient was. */
function delivery(recipients: Record<string, Said>, more: Partial<Delivery> = {}): Delivery {
  const outcomes = Object.values(recipients)
  const outcome =
    (['accepted', 'unknown', 'deferred', 'rejected'] as const).find((one) => outcomes.includes(one)) ?? 'rejected'
  return {
    outcome,
    scope: 'message',
    stage: 'final',
    reason: 'ok',
    words: words[outcome],
    durationMs: 1,
    relay: 'relay:25',
    recipients: Object.entries(recipients).map(([address, outcome]) => ({
      address,
      outcome,
      reason: 'ok',
      words: words[outcome],
    })),
    ...more,
  }
}

describe('one recipient', () => {
  test.each<[Said, object]>([
    ['accepted', { next: { end: 'sent' }, reason: undefined }],
    ['rejected', { next: { end: 'failed' }, reason: 'No such user' }],
    [
      'deferred',
      {
        next: { retryInSeconds: WAIT, isDeferral: true, delivered: [], refused: {}, endAtLast: 'failed' },
        reason: 'Not now',
      },
    ],
    [
      'unknown',
      {
        next: { retryInSeconds: WAIT, isDeferral: true, delivered: [], refused: {}, endAtLast: 'failed' },
        reason: 'Lost',
      },
    ],
  ])('%s', (outcome, expected) => {
    expect(verdictOf(delivery({ [TO]: outcome }), asked())).toEqual(expected)
  })
})

describe('several recipients', () => {
  const retry = (delivered: string[], endAtLast: 'sent' | 'failed') => ({ isDeferral: true, delivered, endAtLast })
  test.each<[string, Record<string, Said>, object, string | undefined]>([
    ['everybody has it', { [TO]: 'accepted', [CC]: 'accepted' }, { end: 'sent' }, undefined],
    ['a copy is refused', { [TO]: 'accepted', [CC]: 'rejected' }, { end: 'sent' }, 'No such user'],
    ['only a copy arrives', { [TO]: 'rejected', [CC]: 'accepted' }, { end: 'failed' }, 'No such user'],
    [
      'all are refused, and each is named',
      { [TO]: 'rejected', [CC]: 'rejected' },
      { end: 'failed' },
      `${TO}: No such user; ${CC}: No such user`,
    ],
    ['the copy alone has it', { [TO]: 'deferred', [CC]: 'accepted' }, retry([CC], 'failed'), 'Not now'],
    ['the recipient alone has it', { [TO]: 'accepted', [CC]: 'deferred' }, retry([TO], 'sent'), 'Not now'],
    ['a copy is refused, the rest waits', { [TO]: 'deferred', [CC]: 'rejected' }, retry([], 'failed'), 'Not now'],
    [
      'each has another answer',
      { [TO]: 'unknown', [CC]: 'accepted', [BCC]: 'deferred' },
      retry([CC], 'failed'),
      `${TO}: Lost; ${BCC}: Not now`,
    ],
  ])('%s', (_, recipients, next, reason) => {
    const verdict = verdictOf(delivery(recipients), asked())
    expect(verdict.next).toMatchObject(next)
    expect(verdict.reason).toBe(reason)
  })

  test('who was refused is not asked again, and what was said of them is kept for the end', () => {
    const first = verdictOf(delivery({ [TO]: 'rejected', [CC]: 'deferred', [BCC]: 'accepted' }), asked())
    const refused = { [TO]: 'No such user' }
    expect(first).toEqual({
      next: { retryInSeconds: WAIT, isDeferral: true, delivered: [BCC], refused, endAtLast: 'failed' },
      reason: `${TO}: No such user; ${CC}: Not now`,
    })
    const last = verdictOf(delivery({ [CC]: 'accepted' }), asked({ delivered: [BCC], refused }))
    expect(last).toEqual({ next: { end: 'failed' }, reason: 'No such user' })
  })

  test('a refusal is remembered when the connection breaks afterwards', () => {
    const broken = delivery({ [TO]: 'deferred', [CC]: 'rejected' }, { outcome: 'deferred', scope: 'connection' })
    expect(verdictOf(broken, asked({ refused: { [BCC]: 'Gone' } })).next).toMatchObject({
      refused: { [CC]: 'No such user', [BCC]: 'Gone' },
    })
  })

  test('who had it from an earlier attempt is remembered', () => {
    const verdict = verdictOf(delivery({ [CC]: 'deferred' }), asked({ delivered: [TO], deferrals: 1 }))
    expect(verdict.next).toMatchObject({ delivered: [TO], endAtLast: 'sent' })
  })

  test('mail that its recipient had before is sent when the last copy is settled, whatever becomes of it', () => {
    expect(verdictOf(delivery({ [CC]: 'accepted' }), asked({ delivered: [TO] })).next).toEqual({ end: 'sent' })
    expect(verdictOf(delivery({ [CC]: 'rejected' }), asked({ delivered: [TO] })).next).toEqual({ end: 'sent' })
  })
})

test('the wait grows with how often the mail was put off', () => {
  const waitAfter = (deferrals: number) => deferrals * 100
  const waits = [0, 1, 4].map(
    (deferrals) => verdictOf(delivery({ [TO]: 'deferred' }), asked({ deferrals, waitAfter })).next,
  )
  expect(waits).toMatchObject([{ retryInSeconds: 100 }, { retryInSeconds: 200 }, { retryInSeconds: 500 }])
})

describe('trouble with the connection', () => {
  const trouble = delivery({ [TO]: 'deferred' }, { scope: 'connection', words: 'Connection refused' })
  const waitOf = (more: Partial<Asked>) => {
    const { next } = verdictOf(trouble, asked(more))
    return 'retryInSeconds' in next ? next.retryInSeconds : 0
  }

  test('is not held against the mail', () => {
    expect(verdictOf(trouble, asked({ delivered: [CC] }))).toMatchObject({
      next: { isDeferral: false, delivered: [CC], endAtLast: 'failed' },
      reason: 'Connection refused',
    })
  })

  test('is waited out for as long as the relay is left alone', () => {
    const wait = waitOf({ pausedUntilMs: performance.now() + 40_000 })
    expect(wait).toBeGreaterThan(39)
    expect(wait).toBeLessThan(41.1)
  })

  test('is tried again soon at first, and ever later where it is the same mail that meets it', () => {
    expect(waitOf({})).toBeLessThanOrEqual(1.2)
    expect(waitOf({ attempt: 6 })).toBeGreaterThanOrEqual(32)
    expect(waitOf({ attempt: 100 })).toBeLessThanOrEqual(72)
  })
})
