import type { Db } from '@posthorn/db'
import type { Context } from '../context.ts'
import { fieldRefusal } from '../errors.ts'
import { getSender, type Sender } from '../senders.ts'
import type { Asking } from './ask.ts'
import { isPublic, originOf, type Consent } from './proof.ts'

interface Said {
  subscribed?: boolean | undefined
  consent?: Consent | undefined
}

/** To be asked by mail instead of being subscribed: always, or only where the contact is new. */
export interface Request {
  asking: Asking
  evenIfKnown: boolean
  /** With a consent, also who opted out. */
  evenIfOut: boolean
}

type Asker = Pick<Context, 'actor' | 'ip' | 'userAgent' | 'runtime'>

/** Whether a project asks people to confirm: who is new and of whom an import says nothing is not subscribed there. */
export async function asksToConfirm(db: Db, projectId: string): Promise<boolean> {
  const project = await db.selectFrom('projects').select('double_opt_in').where('id', '=', projectId).executeTakeFirst()
  return project?.double_opt_in ?? true
}

/** What a call says of a contact's consent, in the words of merging. */
export function consentWish(ctx: Asker, sender: Sender, { subscribed, consent }: Said) {
  const isHeard = !isPublic(ctx)
  // Anybody can hold a public key: it says neither where somebody is nor when it was, nor that they proved anything.
  const heard = isHeard ? consent : consent && { source: consent.source, text: consent.text }
  const isConfirmed = heard?.confirmed === true
  if (sender.doubleOptIn && subscribed !== false && !isConfirmed) {
    const request: Request = {
      asking: { runtime: ctx.runtime, sender },
      evenIfKnown: subscribed === true,
      evenIfOut: isHeard,
    }
    return { subscribed: undefined, consent: heard, origin: undefined, subscribedWhenNew: false, request }
  }
  const origin = subscribed === undefined ? undefined : originOf(ctx)
  if (isHeard) return { subscribed, consent, origin, subscribedWhenNew: true }
  return { subscribed: undefined, consent: heard, origin, subscribedWhenNew: subscribed ?? true }
}

/** Where people are asked to confirm, nobody has thousands of them asked with one call. */
export async function requireConfirmed(ctx: Context, consent: Pick<Consent, 'confirmed'> | undefined): Promise<void> {
  const { doubleOptIn } = await getSender(ctx)
  if (!doubleOptIn || consent?.confirmed === true) return
  throw fieldRefusal(
    'consent.confirmed',
    'The project asks people to confirm (double opt-in): say here that these have done so, or upsert them to have them asked.',
  )
}
