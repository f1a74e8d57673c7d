import type { ShownKeys } from './first-project.ts'

export interface Greeting {
  url: string
  /** Where the first account is made; undefined once there is one. */
  setUpUrl: string | undefined
  keys: ShownKeys
  inboxPort: number | undefined
  notes: string[]
}

/** What an operator sees once everything runs: where it is, the keys, and a line to paste that sends a mail. */
export function greeting({ url, setUpUrl, keys, inboxPort, notes }: Greeting): string {
  const secret = keys.secretKey ?? 'sk_ph_…'
  const hasInbox = inboxPort !== undefined
  const needsDomain = !hasInbox && !keys.mayRelay
  return [
    '',
    `Posthorn runs at ${url}`,
    '',
    ...(setUpUrl === undefined ? [] : [`Set up: ${setUpUrl}`, '']),
    `  project     ${keys.projectName}`,
    ...(keys.areInDashboard
      ? ['  keys        in the dashboard, under Settings › API keys']
      : [
          `  secret key  ${keys.secretKey ?? withoutSecretKey(keys)}`,
          `  public key  ${keys.publicKey ?? 'none is active'}`,
        ]),
    `  mail goes   ${hasInbox ? `to the built-in inbox (SMTP port ${inboxPort}); set SMTP_URL to send it out` : 'to the relay in SMTP_URL'}`,
    ...notes.map((note) => `  note        ${note}`),
    '',
    ...(needsDomain ? trustFirst(keys) : ['Send a mail:']),
    '',
    `  curl -s ${url}/v1/send -H 'Authorization: Bearer ${secret}' -H 'Content-Type: application/json' -d '{${needsDomain ? `"from":"hello@${PLACEHOLDER}",` : ''}"to":"ada@example.com","subject":"Hello","body":"<p>It works.</p>"}'`,
    '',
    ...(hasInbox ? ['Read it:', '', `  curl -s ${url}/v1/inbox -H 'Authorization: Bearer ${secret}'`, ''] : []),
    'Stop with Ctrl-C.',
    '',
  ].join('\n')
}

const PLACEHOLDER = 'YOUR-DOMAIN'

/** Without it, the first thing that an operator tries would be refused. */
function trustFirst({ projectId }: ShownKeys): string[] {
  return [
    `Trust a domain of yours first, since the project may not send from any yet (put it in for ${PLACEHOLDER}):`,
    '',
    `  pnpm posthorn domain trust ${PLACEHOLDER} --project ${projectId}`,
    '',
    'Then send a mail:',
  ]
}

function withoutSecretKey({ hasSealedKeys }: ShownKeys): string {
  const why = hasSealedKeys
    ? 'works, but cannot be shown: it was made under another master key (POSTHORN_SECRET)'
    : 'none is active'
  return `${why}; make one with: pnpm posthorn key create --name 'My key'`
}
