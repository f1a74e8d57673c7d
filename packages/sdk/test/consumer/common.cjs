const assert = require('node:assert/strict')
const { test } = require('node:test')
const { Posthorn } = require('@posthorn/sdk')

test('CommonJS sends a mail as well', async () => {
  const posthorn = new Posthorn({ apiKey: 'sk_ph_example', baseUrl: process.env.POSTHORN_URL })
  const { data, response } = await posthorn.emails
    .send({ to: 'ada@example.com', subject: 'Hi', text: 'Hi' })
    .withResponse()
  assert.equal(data.captured, true)
  assert.equal(response.headers.get('x-request-id'), 'r1')
})
