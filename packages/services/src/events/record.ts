import { toldChange, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { insertAudit, type ByHand } from '../audit.ts'
import { mergeContacts, type ContactWish, type Data } from '../contacts/merge.ts'
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

/**
 * Whether another transaction stored an event of the same id meanwhile, and it is found when done again; or took the
 * same contacts in another order.
 */
export const isOvertaken = (error: unknown) => breaksConstraint(error, 'event_once') || isDeadlock(error)

/** After so many contacts in a row that were deleted as soon as they were there, something else is wrong. */
const DELETED_AT_MOST = 5

const slotOf = ({ contact, clientId }: TrackedEvent) =>
  clientId === undefined ? undefined : `${contact.projectId} ${clientId}`

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

/** A contact that was deleted meanwhile is made anew. */
async function store(db: Db, tracked: readonly TrackedEvent[]): Promise<RecordedEvent[]> {
  for (let time = 1; time <= DELETED_AT_MOST; time += 1) {
    const stored = await storeIfAllExist(db, tracked)
    if (stored !== undefined) return stored
  }
  throw new Error('contacts of events are deleted again and again')
}

/** Answers event for event; where a contact of theirs is not there any more, nothing is stored. */
async function storeIfAllExist(db: Db, tracked: readonly TrackedEvent[]): Promise<RecordedEvent[] | undefined> {
  const merged = await mergeContacts(
    db,
    tracked.map(({ contact }) => contact),
  )
  const rows = tracked.map(({ name, data, clientId }, index) => ({
    project_id: merged[index]?.projectId,
    id: newId(),
    contact_id: merged[index]?.id,
    name,
    data,
    client_id: clientId,
  }))
  const projects = sql`select project_id from stored`
  // A contact that was known is not locked yet, and may go before its event is there.
  const { rows: moments } = await sql<{ stored: number; now: Date }>`
    with event as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json)
        as row (project_id uuid, id uuid, contact_id uuid, name text, data jsonb, client_id text)
    ), kept as materialized (
      select project_id, id as contact_id from contacts
      where (project_id, id) in (select project_id, contact_id from event)
      order by project_id, email for key share
    ), stored as (
      insert into events (project_id, id, contact_id, name, data, client_id)
      select project_id, id, contact_id, name, data, client_id from event
      where (select count(*) from kept) = (select count(distinct (project_id, contact_id)) from event)
      order by project_id, client_id
      returning project_id, name, created_at
    ), ${addedEvents(sql`select project_id, name, created_at from stored`)}, told as materialized (${toldChange('events', projects)}
    ), told_of_contacts as materialized (${toldChange('contacts', projects)}
    )
    select (select count(*)::int from stored) as stored, now(), (select count(*) from told),
      (select count(*) from told_of_contacts)
  `.execute(db)
  const [moment] = moments
  if (moment?.stored !== rows.length) return undefined
  for (const [index, { contact, byHand }] of tracked.entries()) {
    if (byHand === undefined) continue
    const entry = byHand.entry(rows.slice(index, index + 1).map(({ id }) => id))
    await insertAudit(db, { projectId: contact.projectId, actor: byHand.actor, ip: byHand.ip, ...entry })
  }
  // Safe because `mergeContacts` answers wish for wish.
  return rows.map(({ id, contact_id }) => ({
    contactId: contact_id as string,
    eventId: id,
    createdAt: moment.now,
    isRepeat: false,
  }))
}
