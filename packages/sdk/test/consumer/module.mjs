import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Posthorn, PosthornError } from '@posthorn/sdk'
import { createTracker } from '@posthorn/sdk/browser'
import { createTracker as small } from '@posthorn/sdk/browser.min.mjs'

const posthorn = new Posthorn({ apiKey: 'sk_ph_example', baseUrl: process.env.POSTHORN_URL })

test('a mail is sent', async () => {
  const { emails } = await posthorn.emails.send({ to: 'ada@example.com', subject: 'Hello', body: '<p>Hi</p>' })
  assert.deepEqual(emails, [{ contact: { id: 'c1', email: 'ada@example.com' }, email: 'e1' }])
})

test('a list is walked through', async () => {
  const ids = []
  for await (const email of posthorn.emails.list({ limit: 2 })) ids.push(email.id)
  assert.deepEqual(ids, ['e3', 'e2', 'e1'])
})

test('a refusal is a PosthornError with a code', async () => {
  await assert.rejects(posthorn.emails.get('e9'), (error) => {
    assert.ok(error instanceof PosthornError)
    assert.equal(error.code, 'EMAIL_NOT_FOUND')
    assert.equal(error.status, 404)
    return true
  })
})

test('the tracker for browsers is there, whole and small', () => {
  assert.equal(typeof createTracker, 'function')
  assert.equal(typeof small, 'function')
})
