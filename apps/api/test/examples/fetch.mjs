// Sends a mail, reports an event and reads the mail back, with nothing but fetch().
const { POSTHORN_URL, POSTHORN_KEY } = process.env

async function posthorn(method, path, body) {
  const response = await fetch(POSTHORN_URL + path, {
    method,
    headers: { Authorization: `Bearer ${POSTHORN_KEY}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.message)
  console.log(JSON.stringify(answer))
}

await posthorn('POST', '/v1/send', { to: 'ada@example.com', subject: 'Hello', body: '<p>It works.</p>' })
await posthorn('POST', '/v1/track', { event: 'signed-up', email: 'ada@example.com', data: { plan: 'free' } })
await posthorn('GET', '/v1/emails?to=ada@example.com&limit=1')
