import { LIMITS, type Input } from '@posthorn/contracts'
import { consentWish } from '../consent/wish.ts'
import { splitData, type Data } from '../contacts/merge.ts'
import type { Context } from '../context.ts'
import type { Sender } from '../senders.ts'
import type { RecordedEvent, TrackedEvent } from './record.ts'

/** What is to be stored of an event that was reported. */
export function trackedOf(
  ctx: Context,
  sender: Sender,
  { event, email, data, eventId, ...given }: Input<'events', 'track'>,
): TrackedEvent {
  const { actor } = ctx
  const { persistent, all } = splitData(data)
  return {
    contact: {
      projectId: actor.projectId,
      email,
      ...(isPublic(actor) ? splitByWritable(persistent, actor.browserFields) : { patch: persistent }),
      ...consentWish(ctx, sender, given),
    },
    name: event,
    data: all,
    // Anybody can hold a public key, and must not be able to take an id that the server side or somebody else is about to
    // use, nor to learn of theirs. No address and no id that is sent holds a line break.
    clientId: eventId !== undefined && isPublic(actor) ? `public\n${email}\n${eventId}` : eventId,
  }
}

/** What a public key overwrites, and what it only fills. What is too large for it stays with the event. */
function splitByWritable(data: Data, writable: readonly string[]): { patch: Data; adds: Data } {
  const { patch = [], adds = [] } = Object.groupBy(Object.entries(data), ([key]) =>
    writable.includes(key) ? 'patch' : 'adds',
  )
  return { patch: Object.fromEntries(patch.filter(([, value]) => isSmall(value))), adds: Object.fromEntries(adds) }
}

const isSmall = (value: Data[string]) => Buffer.byteLength(JSON.stringify(value)) <= LIMITS.browserValueBytes

/** What is answered of an event that was stored. */
export const receiptFor =
  ({ actor, runtime }: Context) =>
  ({ contactId, eventId, createdAt }: RecordedEvent) => ({
    contact: isPublic(actor) ? runtime.veilContact(contactId) : contactId,
    event: eventId,
    timestamp: createdAt,
  })

type Actor = Context['actor']

const isPublic = (actor: Actor): actor is Extract<Actor, { kind: 'key' }> =>
  actor.kind === 'key' && actor.keyKind === 'public'
