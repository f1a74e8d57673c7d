import { toldChange, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { insertAudit, type ByHand } from '../audit.ts'
import { askWhoIsToBe, mergedContacts, untilHeld, type ContactWish, type Data } from '../contacts/merge.ts'
import { breaksConstraint, isDeadlock } from '../errors.ts'
import { newId } from '../ids.ts'
import { addedEvents } from './counts.ts'

export interface TrackedEvent {
  contact: ContactWish
  name: string
  data: Data
  /** What the one who reports it calls it: of the same id, only the first is stored. */
  clientId?: string | undefined
  /** For what a person does, who is named in the audit log. */
  byHand?: ByHand | undefined
}

export interface RecordedEvent {
  contactId: string
  eventId: string
  createdAt: Date
  /** It had been stored before. */
  isRepeat: boolean
}

interface Stored {
  eventId: string
  contactId: string
  projectId: string
  email: string
  isNew: boolean
  createdAt: Date
}

/**
 * Whether another transaction stored an event of the same id meanwhile, and it is found when done again; or took the
 * same contacts in another order.
 */
export const isOvertaken = (error: unknown) => breaksConstraint(error, 'event_once') || isDeadlock(error)

const slotOf = ({ contact, clientId }: TrackedEvent) =>
  clientId === undefined ? undefined : `${contact.projectId} ${clientId}`

/** Whether recording them is a single statement, which needs no transaction around it to be kept whole or not at all. */
export const recordsInOneStatement = (tracked: readonly TrackedEvent[]): boolean =>
  tracked.every(
    ({ clientId, byHand, contact }) => clientId === undefined && byHand === undefined && contact.request === undefined,
  )

/**
 * Stores events and creates or changes the contacts they belong to. Answers event for event; one that was stored before
 * changes nothing.
 */
export async function recordEvents(db: Db, tracked: readonly TrackedEvent[]): Promise<RecordedEvent[]> {
  const known = await findKnown(db, tracked)
  const places = new Map<string, number>()
  const fresh: TrackedEvent[] = []
  const answers = tracked.map((event): RecordedEvent | { place: number; isRepeat: boolean } => {
    const slot = slotOf(event)
    const before = slot === undefined ? undefined : known.get(slot)
    if (before !== undefined) return before
    const place = slot === undefined ? undefined : places.get(slot)
    if (place !== undefined) return { place, isRepeat: true }
    if (slot !== undefined) places.set(slot, fresh.length)
    return { place: fresh.push(event) - 1, isRepeat: false }
  })
  const stored = fresh.length === 0 ? [] : await store(db, fresh)
  // Safe because `store` answers event for event.
  return answers.map((answer) =>
    'place' in answer ? { ...(stored[answer.place] as RecordedEvent), isRepeat: answer.isRepeat } : answer,
  )
}

async function findKnown(db: Db, tracked: readonly TrackedEvent[]): Promise<Map<string, RecordedEvent>> {
  const named = tracked.filter(({ clientId }) => clientId !== undefined)
  if (named.length === 0) return new Map()
  const wanted = named.map(({ contact, clientId }) => ({ project_id: contact.projectId, client_id: clientId }))
  // `limit` has each looked up by itself, in the index, however few events the planner believes there are.
  const { rows } = await sql<Omit<RecordedEvent, 'isRepeat'> & { slot: string }>`
    select wanted.project_id || ' ' || client_id as slot, found.*
    from json_to_recordset(${JSON.stringify(wanted)}::json) as wanted (project_id uuid, client_id text)
    cross join lateral (
      select contact_id as "contactId", id as "eventId", created_at as "createdAt" from events
      where project_id = wanted.project_id and client_id = wanted.client_id
      limit 1
    ) found
  `.execute(db)
  return new Map(rows.map(({ slot, ...event }) => [slot, { ...event, isRepeat: true }]))
}

/** Stores contacts and events in one statement. Answers event for event. */
async function store(db: Db, tracked: readonly TrackedEvent[]): Promise<RecordedEvent[]> {
  const wishes = tracked.map(({ contact }) => contact)
  // Before the ids of the events, by which both stand in one feed.
  const merging = mergedContacts(wishes, { holdsKnown: true })
  const rows = tracked.map(({ contact, name, data, clientId }) => ({
    project_id: contact.projectId,
    id: newId(),
    email: contact.email,
    name,
    data,
    client_id: clientId,
  }))
  const projects = sql`select project_id from stored`
  const storing = sql<Stored>`
    with ${merging}, event as materialized (
      select row.*, merged.id as contact_id, is_new
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as row (project_id uuid, id uuid, email text, name text, data jsonb, client_id text)
        join merged using (project_id, email)
    ), stored as (
      insert into events (project_id, id, contact_id, name, data, client_id)
      select project_id, id, contact_id, name, data, client_id from event
      order by project_id, client_id
      returning project_id, id, name, created_at
    ), ${addedEvents(sql`select project_id, name, created_at from stored`)}, told as materialized (${toldChange('events', projects)}
      union all ${toldChange('contacts', projects)}
    )
    select id as "eventId", contact_id as "contactId", project_id as "projectId", email, is_new as "isNew",
      created_at as "createdAt"
    from stored join event using (project_id, id) where (select count(*) from told) is not null
  `
  const stored = await untilHeld(() => storing.execute(db))
  const byId = new Map(stored.map((event) => [event.eventId, event]))
  await askWhoIsToBe(
    db,
    wishes,
    stored.map(({ contactId, ...event }) => ({ ...event, id: contactId })),
  )
  for (const [index, { contact, byHand }] of tracked.entries()) {
    if (byHand === undefined) continue
    const entry = byHand.entry(rows.slice(index, index + 1).map(({ id }) => id))
    await insertAudit(db, { projectId: contact.projectId, actor: byHand.actor, ip: byHand.ip, ...entry })
  }
  return rows.map(({ id }) => {
    const { contactId, createdAt } = byId.get(id) as Stored // Safe because each was stored.
    return { contactId, eventId: id, createdAt, isRepeat: false }
  })
}
