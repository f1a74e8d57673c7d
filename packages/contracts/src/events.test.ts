import { expect, test } from 'vitest'
import { operations } from './operations.ts'

const track = (event: unknown) =>
  operations.events.track.input.safeDecode({ event: event as string, email: 'ada@example.com' })

test.each([
  'email.sent',
  'email.anything',
  'email.',
  'email.a\nb',
  'contact.subscribed',
  'contact.unsubscribed',
  'segment.vip.entry',
  'segment.vip.exit',
  'segment.a.b.exit',
])('%j is reported by Posthorn itself', (event) => {
  expect(track(event).error?.issues).toMatchObject([{ path: ['event'], params: { code: 'reserved_event' } }])
})

test.each([
  'signed-up',
  'Signed Up',
  'email',
  'emails.sent',
  'Email.sent',
  'contact.created',
  'contact.subscribed.twice',
  'segment.vip',
  'segment.entry',
  'my.email.sent',
  '🦉',
])('%j is free', (event) => {
  expect(track(event).data?.event).toBe(event)
})

test.each([5, null, ['signed-up'], {}, ''])('%j is no name of an event', (event) => {
  expect(track(event).success).toBe(false)
})
