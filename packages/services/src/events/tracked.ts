import type { Input } from '@posthorn/contracts'
import { splitData } from '../contacts/merge.ts'
import type { Context } from '../context.ts'
import type { RecordedEvent, TrackedEvent } from './record.ts'

/** What is to be stored of an event that was reported. */
export function trackedOf(
  { actor }: Context,
  { event, email, subscribed, data, eventId }: Input<'events', 'track'>,
): TrackedEvent {
  const { persistent, all } = splitData(data)
  const isPublic = actor.kind === 'key' && actor.keyKind === 'public'
  return {
    contact: {
      projectId: actor.projectId,
      email,
      patch: persistent,
      subscribed,
      subscribedWhenNew: true,
      onlyAdds: isPublic,
    },
    name: event,
    data: all,
    // Anybody can hold a public key, and must not be able to take an id that the server side is about to use. No id that
    // is sent holds a line break.
    clientId: eventId !== undefined && isPublic ? `public\n${eventId}` : eventId,
  }
}

export const receiptOf = ({ contactId, eventId, createdAt }: RecordedEvent) => ({
  contact: contactId,
  event: eventId,
  timestamp: createdAt,
})
