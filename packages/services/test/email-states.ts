import type { EmailStatus } from '@posthorn/contracts/emails'
import { claim, settle, STREAMS, type Settlement } from '@posthorn/outbox'
import { sql } from 'kysely'
import type { z } from 'zod'
import { newId } from '../src/ids.ts'
import type { TestInstance, TestProject } from './instance.ts'

export type State = z.infer<typeof EmailStatus>

export const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }

export const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

const ATTEMPT = { startedAt: new Date(), durationMs: 12, stage: 'rcpt', reason: 'greylisted', words: 'Come back later' }

export const ACCEPTED = { ...ATTEMPT, outcome: 'accepted', stage: 'end', words: 'Ok' } as const
export const REJECTED = { ...ATTEMPT, outcome: 'rejected' } as const
export const DEFERRED = {
  ...ATTEMPT,
  outcome: 'deferred',
  code: 451,
  enhancedCode: '4.7.1',
  relay: 'relay.example:25',
} as const

/** What a project and a worker do to mail, down to each state that it can be in. */
export function emailStates({ db }: TestInstance, project: () => TestProject) {
  const send = async (change: object = {}): Promise<string> => {
    const { emails } = await project().call(['emails', 'send'], { ...MAIL, ...change })
    return emails[0]!.email
  }

  const takeAll = (token: string) =>
    claim(db, { projectId: project().id, stream: STREAMS.transactional, limit: 100, token })

  /** Takes the project's mail as a worker does, and answers with the token. */
  const take = async (): Promise<string> => {
    const token = newId()
    await takeAll(token)
    return token
  }

  const finish = async (emailId: string, rest: Omit<Settlement, 'emailId' | 'token'>, token?: string) => {
    await settle(db, project().id, [{ emailId, token: token ?? (await take()), ...rest }])
  }

  const defer = (id: string) =>
    finish(id, {
      next: { retryInSeconds: 600, isDeferral: true },
      reason: 'The server asks to come back later.',
      attempt: DEFERRED,
    })

  const dueNow = async (id: string) => {
    await sql`update outbox set due_at = now() where email_id = ${id}`.execute(db)
  }

  const made = async (id: string, ...steps: ((id: string) => Promise<unknown>)[]) => {
    for (const step of steps) await step(id)
    return id
  }

  const make: Record<State, () => Promise<string>> = {
    queued: () => send(),
    scheduled: () => send({ scheduledAt: inSeconds(600) }),
    sending: async () => made(await send(), take),
    deferred: async () => made(await send(), defer),
    sent: async () => made(await send(), (id) => finish(id, { next: { end: 'sent' }, attempt: ACCEPTED })),
    failed: async () =>
      made(await send(), (id) =>
        finish(id, { next: { end: 'failed' }, reason: 'There is no such mailbox.', attempt: REJECTED }),
      ),
    cancelled: async () => made(await send(), (id) => project().call(['emails', 'cancel'], { id })),
  }

  return { send, take, takeAll, finish, defer, dueNow, make }
}
