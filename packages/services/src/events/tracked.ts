import type { Input } from '@posthorn/contracts'
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
  const isPublic = actor.kind === 'key' && actor.keyKind === 'public'
  return {
    contact: {
      projectId: actor.projectId,
      email,
      ...(isPublic ? splitByWritable(persistent, actor.browserFields) : { patch: persistent }),
      ...consentWish(ctx, sender, given),
    },
    name: event,
    data: all,
    // Anybody can hold a public key, and must not be able to take an id that the server side is about to use. No id that
    // is sent holds a line break.
    clientId: eventId !== undefined && isPublic ? `public\n${eventId}` : eventId,
  }
}

/** What a public key overwrites, and what it only fills. */
function splitByWritable(data: Data, writable: readonly string[]): { patch: Data; adds: Data } {
  const entries = Object.entries(data)
  const ofKind = (isWritable: boolean) =>
    Object.fromEntries(entries.filter(([key]) => writable.includes(key) === isWritable))
  return { patch: ofKind(true), adds: ofKind(false) }
}

export const receiptOf = ({ contactId, eventId, createdAt }: RecordedEvent) => ({
  contact: contactId,
  event: eventId,
  timestamp: createdAt,
})
