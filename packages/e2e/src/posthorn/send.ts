import type { Posthorn } from './start.ts'

export interface Sent {
  status: number
  /** The id of the email, when it was accepted. */
  emailId: string | undefined
}

/** Sends a mail as a program with a key does. */
export async function send({ url }: Posthorn, key: string, mail: object = {}): Promise<Sent> {
  const answer = await fetch(`${url}/v1/send`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ to: 'ada@example.com', subject: 'Hello', text: 'Hello', ...mail }),
  })
  // Safe because a refusal has no emails, which is looked at.
  const { emails } = (await answer.json()) as { emails?: { email: string }[] }
  return { status: answer.status, emailId: emails?.[0]?.email }
}
