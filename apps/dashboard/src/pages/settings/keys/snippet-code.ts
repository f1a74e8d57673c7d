/** What the snippets are made of. The secret key is never part of them. */
export interface Ingredients {
  /** Where this Posthorn is reached. */
  origin: string
  publicKey: string
}

export interface Snippet {
  language: string
  /** Code that sends a mail, with the secret key taken from the environment. */
  send: string
  /** Code that reports an event, with the public key in it. */
  track: string
}

const MAIL = `to: 'ada@example.com',
    subject: 'Hello',
    body: '<p>It works.</p>',`
const EVENT = `event: 'signed-up',
    email: 'ada@example.com',
    data: { plan: 'team' },`

export const snippets = ({ origin, publicKey }: Ingredients): Snippet[] => [
  {
    language: 'curl',
    send: `curl ${origin}/v1/send \\
  -H "Authorization: Bearer $POSTHORN_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{"to": "ada@example.com", "subject": "Hello", "body": "<p>It works.</p>"}'`,
    track: `curl ${origin}/v1/track \\
  -H 'Authorization: Bearer ${publicKey}' \\
  -H 'Content-Type: application/json' \\
  -d '{"event": "signed-up", "email": "ada@example.com", "data": {"plan": "team"}}'`,
  },
  {
    language: 'Node',
    send: fetching(`${origin}/v1/send`, '`Bearer ${process.env.POSTHORN_KEY}`', MAIL),
    track: fetching(`${origin}/v1/track`, `'Bearer ${publicKey}'`, EVENT),
  },
  {
    language: 'Python',
    send: `import os
import requests

response = requests.post(
    "${origin}/v1/send",
    headers={"Authorization": f"Bearer {os.environ['POSTHORN_KEY']}"},
    json={"to": "ada@example.com", "subject": "Hello", "body": "<p>It works.</p>"},
    timeout=10,
)
response.raise_for_status()`,
    track: `import requests

response = requests.post(
    "${origin}/v1/track",
    headers={"Authorization": "Bearer ${publicKey}"},
    json={"event": "signed-up", "email": "ada@example.com", "data": {"plan": "team"}},
    timeout=10,
)
response.raise_for_status()`,
  },
  {
    language: 'PHP',
    send: calling(
      `${origin}/v1/send`,
      `'Authorization: Bearer ' . getenv('POSTHORN_KEY')`,
      `'to' => 'ada@example.com', 'subject' => 'Hello', 'body' => '<p>It works.</p>'`,
    ),
    track: calling(
      `${origin}/v1/track`,
      `'Authorization: Bearer ${publicKey}'`,
      `'event' => 'signed-up', 'email' => 'ada@example.com', 'data' => ['plan' => 'team']`,
    ),
  },
  {
    language: 'SDK',
    send: `import { Posthorn } from '@posthorn/sdk'

const posthorn = new Posthorn({
  apiKey: process.env.POSTHORN_KEY,
  baseUrl: '${origin}',
})

await posthorn.emails.send({
    ${MAIL}
})`.replaceAll('\n    ', '\n  '),
    track: `import { Posthorn } from '@posthorn/sdk'

const posthorn = new Posthorn({
  apiKey: '${publicKey}',
  baseUrl: '${origin}',
})

await posthorn.events.track({
    ${EVENT}
})`.replaceAll('\n    ', '\n  '),
  },
]

const fetching = (url: string, authorization: string, body: string) => `const response = await fetch('${url}', {
  method: 'POST',
  headers: {
    'Authorization': ${authorization},
    'Content-Type': 'application/json',
  },
  body: JSON.stringify({
    ${body}
  }),
})
if (!response.ok) throw new Error(await response.text())`

const calling = (url: string, authorization: string, fields: string) => `$request = curl_init('${url}');
curl_setopt_array($request, [
    CURLOPT_POST => true,
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HTTPHEADER => [${authorization}, 'Content-Type: application/json'],
    CURLOPT_POSTFIELDS => json_encode([${fields}]),
]);
$answer = json_decode(curl_exec($request), true);`
