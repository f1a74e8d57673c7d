import type { JsonValue } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
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
 * Creates or changes contacts, in one statement. Those that are already as wished are only read: sending to a known
 * contact writes nothing to its row. Answers wish for wish.
 */
export async function mergeContacts(db: Db, wishes: readonly ContactWish[]): Promise<MergedContact[]> {
  const rows = combine(wishes).map((wish) => ({
    project_id: wish.projectId,
    id: newId(),
    email: wish.email,
    patch: wish.patch,
    subscribed: wish.subscribed ?? null,
    subscribed_when_new: wish.subscribedWhenNew,
  }))
  const { rows: merged } = await sql<MergedContact>`
    with wish as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as row (
        project_id uuid, id uuid, email text, patch jsonb, subscribed boolean, subscribed_when_new boolean)
    ), known as (
      select contacts.project_id, contacts.id, contacts.email
      from wish join contacts using (project_id, email)
      where (wish.patch = '{}' or merge_data(contacts.data, wish.patch) = contacts.data)
        and coalesce(wish.subscribed = contacts.subscribed, true)
    ), written as (
      insert into contacts (project_id, id, email, data, subscribed)
      select project_id, id, email, merge_data('{}', patch), coalesce(subscribed, subscribed_when_new)
      from wish
      where not exists (select from known where known.project_id = wish.project_id and known.email = wish.email)
      order by project_id, email
      on conflict (project_id, email) do update set
        data = merge_data(contacts.data, (
          select patch from wish where wish.project_id = contacts.project_id and wish.email = contacts.email)),
        subscribed = coalesce((
          select subscribed from wish where wish.project_id = contacts.project_id and wish.email = contacts.email),
          contacts.subscribed),
        updated_at = now()
      returning project_id, id, email, xmax = 0 as is_new
    )
    select project_id as "projectId", id, email, false as "isNew" from known
    union all
    select project_id, id, email, is_new from written
  `.execute(db)
  const bySlot = new Map(merged.map((contact) => [slot(contact), contact]))
  // Safe because each wish is either known or written.
  return wishes.map((wish) => bySlot.get(slot(wish)) as MergedContact)
}

/** Splits `data` into what stays with the contact and what is for this one mail or event, both as plain values. */
export function splitData(data: Data = {}): { persistent: Data; all: Data } {
  const persistent: Data = {}
  const all: Data = {}
  for (const [key, given] of Object.entries(data)) {
    const wrapped = unwrap(given)
    all[key] = wrapped.value
    if (wrapped.persistent) persistent[key] = wrapped.value
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
