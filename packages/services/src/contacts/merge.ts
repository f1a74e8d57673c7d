import type { JsonValue } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'
import { newId } from '../ids.ts'

export type Data = Record<string, JsonValue>

/** What a call wants a contact to be. */
export interface ContactWish {
  projectId: string
  email: string
  /** Merged key by key; null deletes. */
  patch: Data
  /** Undefined: as it is. */
  subscribed: boolean | undefined
  subscribedWhenNew: boolean
  /** Fills what the contact lacks and changes nothing it has: anybody can hold a public key. */
  onlyAdds?: boolean | undefined
}

export interface MergedContact {
  projectId: string
  id: string
  email: string
  isNew: boolean
}

const slot = ({ projectId, email }: { projectId: string; email: string }) => `${projectId} ${email}`

/** Later wishes for the same contact win key by key, as they would one after the other. */
function combine(wishes: readonly ContactWish[]): ContactWish[] {
  const combined = new Map<string, ContactWish>()
  for (const wish of wishes) {
    const before = combined.get(slot(wish))
    combined.set(
      slot(wish),
      before === undefined
        ? wish
        : { ...before, patch: { ...before.patch, ...wish.patch }, subscribed: wish.subscribed ?? before.subscribed },
    )
  }
  // One order for all, so that two transactions never wait for each other.
  return [...combined.values()].sort((a, b) => (slot(a) < slot(b) ? -1 : 1))
}

/**
 * Creates or changes contacts. Those that are already as wished are only read: sending to a known contact writes
 * nothing to its row. Answers wish for wish.
 */
export async function mergeContacts(db: Db, wishes: readonly ContactWish[]): Promise<MergedContact[]> {
  const merged = new Map<string, MergedContact>()
  // Two statements where both kinds come together, since one statement cannot treat the same row in two ways.
  for (const group of Map.groupBy(wishes, ({ onlyAdds = false }) => onlyAdds).values()) {
    for (const contact of await mergeGroup(db, group)) {
      const isNew = contact.isNew || (merged.get(slot(contact))?.isNew ?? false)
      merged.set(slot(contact), { ...contact, isNew })
    }
  }
  // Safe because each wish is either known or written.
  return wishes.map((wish) => merged.get(slot(wish)) as MergedContact)
}

async function mergeGroup(db: Db, wishes: readonly ContactWish[]): Promise<MergedContact[]> {
  const { rows: contacts } = await sql<MergedContact>`
    with ${mergedContacts(wishes)}
    select project_id as "projectId", id, email, is_new as "isNew" from merged
  `.execute(db)
  return contacts
}

/**
 * Table expressions that create or change contacts, for a statement that goes on with them: `merged` has a row for
 * each contact, with its project_id, id, email and is_new. All wishes must agree in `onlyAdds`.
 */
export function mergedContacts(wishes: readonly ContactWish[]): RawBuilder<unknown> {
  const onlyAdds = wishes[0]?.onlyAdds ?? false
  const rows = combine(wishes).map((wish) => ({
    project_id: wish.projectId,
    id: newId(),
    email: wish.email,
    patch: onlyAdds ? withoutNulls(wish.patch) : wish.patch,
    subscribed: wish.subscribed ?? null,
    subscribed_when_new: wish.subscribedWhenNew,
  }))
  const data = (patch: RawBuilder<unknown>) =>
    onlyAdds ? sql`merge_data(${patch}, contacts.data)` : sql`merge_data(contacts.data, ${patch})`
  // Looked up by key, since looking through all wishes for each contact takes seconds where there are a thousand.
  const asked = sql`(select by_slot from asked) -> (contacts.project_id || ' ' || contacts.email)`
  return sql`
    wish as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as row (
        project_id uuid, id uuid, email text, patch jsonb, subscribed boolean, subscribed_when_new boolean)
    ), asked as materialized (
      select jsonb_object_agg(project_id || ' ' || email, jsonb_build_object('patch', patch, 'subscribed', subscribed))
        as by_slot
      from wish
    ), known as (
      select contacts.project_id, contacts.id, contacts.email
      from wish join contacts using (project_id, email)
      where (wish.patch = '{}' or ${data(sql.ref('wish.patch'))} = contacts.data)
        and (${onlyAdds} or coalesce(wish.subscribed = contacts.subscribed, true))
    ), written as (
      insert into contacts (project_id, id, email, data, subscribed)
      select project_id, id, email, merge_data('{}', patch), coalesce(subscribed, subscribed_when_new)
      from wish
      where not exists (select from known where known.project_id = wish.project_id and known.email = wish.email)
      order by project_id, email
      on conflict (project_id, email) do update set
        data = ${data(sql`(${asked} -> 'patch')`)},
        subscribed = case when ${onlyAdds} then contacts.subscribed
          else coalesce((${asked} ->> 'subscribed')::boolean, contacts.subscribed) end,
        updated_at = now()
      returning project_id, id, email, xmax = 0 as is_new
    ), merged as (
      select project_id, id, email, false as is_new from known
      union all
      select project_id, id, email, is_new from written
    )`
}

const withoutNulls = (data: Data): Data =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null))

/**
 * Splits `data` into what is merged into the contact and what goes with this one mail or event, both as plain values.
 * An empty text says nothing about the contact: it is what a form sends for a field that was left blank.
 */
export function splitData(data: Data = {}): { persistent: Data; all: Data } {
  const persistent: Data = {}
  const all: Data = {}
  for (const [key, given] of Object.entries(data)) {
    const wrapped = unwrap(given)
    all[key] = wrapped.value
    if (wrapped.persistent && wrapped.value !== '') persistent[key] = wrapped.value
  }
  return { persistent, all }
}

function unwrap(given: JsonValue): { value: JsonValue; persistent: boolean } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { value: given, persistent: true }
  const { value, persistent, ...rest } = given
  if (value === undefined || typeof persistent !== 'boolean' || Object.keys(rest).length > 0) {
    return { value: given, persistent: true }
  }
  return { value, persistent }
}
