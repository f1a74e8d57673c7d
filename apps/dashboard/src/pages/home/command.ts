/** What stands in place of a secret that is not to be seen. */
export const PLACEHOLDER = 'sk_ph_…'

interface CommandOptions {
  /** Where this Posthorn is. */
  origin: string
  to: string
  secret?: string
}

/** A line for the shell that sends a mail. */
export function curlCommand({ origin, to, secret = PLACEHOLDER }: CommandOptions): string {
  const body = JSON.stringify({
    to,
    subject: 'Hello from Posthorn',
    body: '<h1>It works</h1><p>This is the first mail.</p>',
  })
  return [
    `curl ${origin}/v1/send`,
    `  -H 'Authorization: Bearer ${secret}'`,
    `  -H 'Content-Type: application/json'`,
    `  -d ${quoted(body)}`,
  ].join(' \\\n')
}

/** Within single quotes a shell changes nothing, and an address may hold an apostrophe. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`
