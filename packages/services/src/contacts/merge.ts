import { LIMITS, type JsonValue } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'
import { agreedAt, endsRefusal, staysOut as stillOut } from '../consent/agreed.ts'
import { askToConfirm, type Question } from '../consent/ask.ts'
import { keptDecisions, PROOF_COLUMNS, proofOf, type Consent, type Origin } from '../consent/proof.ts'
import { droppedQuestions } from '../consent/questions.ts'
import { forgottenRefusals, isRefused } from '../consent/refused.ts'
import type { Request } from '../consent/wish.ts'
import { newId } from '../ids.ts'

export type Data = Record<string, JsonValue>

/** What a call wants a contact to be. */
export interface ContactWish {
  projectId: string
  email: string
  /** Merged key by key; null deletes. */
  patch: Data
  /** Fills what the contact lacks, up to little, and changes nothing it has: anybody can hold a public key. */
  adds?: Data | undefined
  /** Undefined: as it is. True brings nobody back who opted out, unless `consent` comes along. */
  subscribed: boolean | undefined
  subscribedWhenNew: boolean
  /** How the person agreed. */
  consent?: Consent | undefined
  /** Who says so, where somebody says whether the contact is subscribed; then it is kept as the proof. */
  origin?: Origin | undefined
  /** To be asked whether they want to be subscribed; `mergeContacts` does. */
  request?: Request | undefined
}

export interface MergedContact {
  projectId: string
  id: string
  email: string
  isNew: boolean
  /** As the contact is now. */
  subscribed: boolean
  /** Whether the person refuses; then a wish to subscribe them came to nothing. */
  isOptedOut: boolean
  /** Whether the person was asked and has not answered yet. */
  isAsked: boolean
}

const MOST_ADDED = sql.lit(LIMITS.browserDataBytes)

const slot = ({ projectId, email }: { projectId: string; email: string }) => `${projectId} ${email}`

/** Later wishes for the same contact win key by key, as they would one after the other. */
function combine(wishes: readonly ContactWish[]): ContactWish[] {
  const combined = new Map<string, ContactWish>()
  for (const wish of wishes) {
    const before = combined.get(slot(wish))
    combined.set(
      slot(wish),
      before === undefined ? wish : { ...before, ...laterData(before, wish), ...laterWord(before, wish) },
    )
  }
  // One order for all, so that two transactions never wait for each other.
  return [...combined.values()].sort((a, b) => (slot(a) < slot(b) ? -1 : 1))
}

/** What only adds comes behind all that was given before. */
function laterData(before: ContactWish, { patch, adds = {} }: ContactWish): Pick<ContactWish, 'patch' | 'adds'> {
  const filled = Object.entries(adds).filter(([key]) => before.patch[key] === null)
  return { patch: { ...before.patch, ...Object.fromEntries(filled), ...patch }, adds: { ...adds, ...before.adds } }
}

/** Who refused a moment ago comes back by a consent alone that is newer, here as well. */
function laterWord(before: ContactWish, { subscribed, consent, origin }: ContactWish): Partial<ContactWish> {
  if (subscribed === undefined) return {}
  if (subscribed && (before.subscribed === false ? !endsRefusal(consent) : isOlder(consent, before))) return {}
  return { subscribed, consent, origin }
}

/** Whether somebody was said to be subscribed before, by a consent that is newer. */
const isOlder = (consent: Consent | undefined, before: ContactWish) =>
  before.subscribed === true && whenOf(consent) < whenOf(before.consent)

const whenOf = (consent: Consent | undefined) =>
  consent === undefined ? -Infinity : (consent.at?.getTime() ?? Infinity)

/**
 * Creates or changes contacts. Those that are already as wished are only read: sending to a known contact writes
 * nothing to its row. Answers wish for wish.
 */
export async function mergeContacts(db: Db, wishes: readonly ContactWish[]): Promise<MergedContact[]> {
  if (wishes.length === 0) return []
  // Of those alone who consent or are asked something is kept that no contact can be without.
  const holdsKnown = wishes.some(({ consent, request }) => consent !== undefined || request !== undefined)
  const merging = sql<Omit<MergedContact, 'isAsked'>>`
    with ${mergedContacts(wishes, { holdsKnown })}
    select project_id as "projectId", id, email, is_new as "isNew", subscribed, is_opted_out as "isOptedOut" from merged
  `
  const rows = await untilHeld(() => merging.execute(db))
  const asked = await askWhoIsToBe(db, wishes, rows)
  const merged = new Map(rows.map((row) => [slot(row), { ...row, isAsked: asked.has(row.id) }]))
  // Safe because each wish is either known or written.
  return wishes.map((wish) => merged.get(slot(wish)) as MergedContact)
}

/** After so many times in a row that contacts were deleted before they could be held, something else is wrong. */
const DELETED_AT_MOST = 10

/** Does a statement that holds known contacts again, while one of them is deleted meanwhile: then it does nothing. */
export async function untilHeld<Row>(run: () => Promise<{ rows: Row[] }>): Promise<Row[]> {
  for (let time = 1; time <= DELETED_AT_MOST; time += 1) {
    const { rows } = await run()
    if (rows.length > 0) return rows
  }
  throw new Error('contacts are deleted again and again')
}

/** Asks those who are to confirm. Answers their contacts' ids. */
export async function askWhoIsToBe(
  db: Db,
  wishes: readonly ContactWish[],
  merged: readonly Pick<MergedContact, 'projectId' | 'id' | 'email' | 'isNew'>[],
): Promise<Set<string>> {
  // Who refuses after all is not asked what was wished before.
  const refused = new Map(wishes.flatMap((wish, at) => (wish.subscribed === false ? [[slot(wish), at]] : [])))
  const requests = wishes.filter((wish, at) => wish.request !== undefined && at > (refused.get(slot(wish)) ?? -1))
  const asked = new Set<string>()
  if (requests.length === 0) return asked
  const contacts = new Map(merged.map((contact) => [slot(contact), contact]))
  for (const ofProject of Map.groupBy(requests, ({ projectId }) => projectId).values()) {
    const questions = new Map<string, Question>()
    for (const wish of ofProject) {
      const contact = contacts.get(slot(wish))
      const { request, consent } = wish
      if (contact === undefined || request === undefined || !(contact.isNew || request.evenIfKnown)) continue
      const { evenIfOut } = request
      questions.set(contact.id, { contactId: contact.id, topics: [], consent, evenIfOut })
    }
    // Safe because of the filter above.
    const { asking } = (ofProject[0] as ContactWish).request as Request
    for (const id of await askToConfirm(db, asking, [...questions.values()])) asked.add(id)
  }
  return asked
}

/**
 * Table expressions that create or change contacts, for a statement that goes on with them: `merged` has a row for
 * each contact, with its project_id, id, email, subscribed, is_opted_out and is_new. What people decided is kept with it.
 * With `holdsKnown` those that are only read stay until the transaction ends; where one is gone, nothing is written, and
 * `merged` is empty: see `untilHeld`.
 */
export function mergedContacts(
  wishes: readonly ContactWish[],
  { holdsKnown = false }: { holdsKnown?: boolean } = {},
): RawBuilder<unknown> {
  const combined = combine(wishes)
  const rows = combined.map((wish) => ({
    project_id: wish.projectId,
    id: newId(),
    email: wish.email,
    patch: wish.patch,
    adds: withoutNulls(wish.adds ?? {}),
    subscribed: wish.subscribed ?? null,
    subscribed_when_new: wish.subscribedWhenNew,
    consents: wish.subscribed === true && wish.consent !== undefined,
    given_at: wish.consent?.at ?? null,
  }))
  const data = (adds: RawBuilder<unknown>, patch: RawBuilder<unknown>) =>
    sql`merge_data(add_data(contacts.data, ${adds}, ${MOST_ADDED}), ${patch})`
  // Looked up by key, since looking through all wishes for each contact takes seconds where there are a thousand.
  const asked = sql`(select by_slot from asked) -> (contacts.project_id || ' ' || contacts.email)`
  const word = sql`(${asked} ->> 'subscribed')::boolean`
  const staysOut = stillOut(sql.ref('contacts.opted_out_at'), sql`(${asked} ->> 'agreed_at')::timestamptz`)
  const areHeld = holdsKnown ? sql`(select count(*) from held) = (select count(*) from known)` : sql.lit(true)
  return sql`
    wish as materialized (
      select row.*, case when consents then ${agreedAt({ at: sql.ref('given_at') })} end as agreed_at
      from json_to_recordset(${JSON.stringify(rows)}::json) as row (project_id uuid, id uuid, email text, patch jsonb,
        adds jsonb, subscribed boolean, subscribed_when_new boolean, consents boolean, given_at timestamptz)
    ), asked as materialized (
      select jsonb_object_agg(project_id || ' ' || email, jsonb_build_object(
        'patch', patch, 'adds', adds, 'subscribed', subscribed, 'agreed_at', agreed_at)) as by_slot
      from wish
    ), known as (
      select contacts.project_id, contacts.id, contacts.email, contacts.subscribed,
        contacts.opted_out_at is not null as is_opted_out
      -- \`limit\` has each looked up in the index. A plan that reads them all looks cheap up to some 40,000 contacts.
      from wish cross join lateral (
        select * from contacts where project_id = wish.project_id and email = wish.email limit 1
      ) contacts
      where ((wish.patch = '{}' and wish.adds = '{}')
          or ${data(sql.ref('wish.adds'), sql.ref('wish.patch'))} = contacts.data)
        and case when wish.subscribed
          then contacts.subscribed or ${stillOut(sql.ref('contacts.opted_out_at'), sql.ref('wish.agreed_at'))}
          else wish.subscribed is null end
    ), ${holdsKnown ? HELD : sql``} fresh as materialized (
      select wish.*, ${isRefused(sql.ref('wish.project_id'), sql.ref('wish.email'), sql.ref('agreed_at'))} as is_refused
      from wish
      where not exists (select from known where known.project_id = wish.project_id and known.email = wish.email)
        and ${areHeld}
    ), written as (
      insert into contacts (project_id, id, email, data, subscribed, opted_out_at)
      select project_id, id, email, merge_data(add_data('{}', adds, ${MOST_ADDED}), patch),
        not is_refused and coalesce(subscribed, subscribed_when_new),
        case when is_refused or subscribed = false then now() end
      from fresh
      order by project_id, email
      on conflict (project_id, email) do update set
        data = ${data(sql`(${asked} -> 'adds')`, sql`(${asked} -> 'patch')`)},
        subscribed = case when ${word} then not ${staysOut} else coalesce(${word}, contacts.subscribed) end,
        opted_out_at = case when not ${word} then now()
          when ${word} and not ${staysOut} then null
          else contacts.opted_out_at end,
        updated_at = now()
      returning project_id, id, new.email, new.subscribed, new.opted_out_at is not null as is_opted_out,
        old.id is null as is_new,
        (old.subscribed, old.opted_out_at is null) is distinct from (new.subscribed, new.opted_out_at is null) as is_decided
    ), merged as (
      select project_id, id, email, subscribed, is_opted_out, false as is_new from known where ${areHeld}
      union all
      select project_id, id, email, subscribed, is_opted_out, is_new from written
    )${proven(combined)}${heeded(combined, areHeld)}`
}

const HELD = sql`held as materialized (
      select contact.* from (select project_id, id from known order by project_id, email) known cross join lateral (
        select id from contacts where project_id = known.project_id and id = known.id limit 1 for key share
      ) contact
    ),`

/** A consent ends what was refused before there was such a contact, a refusal what the person was asked before. */
function heeded(wishes: readonly ContactWish[], areHeld: RawBuilder<unknown>): RawBuilder<unknown> {
  const agree = wishes.some(({ subscribed, consent }) => subscribed === true && consent !== undefined)
  const refuse = wishes.some(({ subscribed }) => subscribed === false)
  const agreed = sql`(select project_id, email, agreed_at from wish where consents and ${areHeld})`
  const refusing = sql`(select project_id, merged.id as contact_id from wish join merged using (project_id, email)
    where wish.subscribed = false)`
  return sql`${agree ? sql`, ${forgottenRefusals(agreed)}` : sql``}${refuse ? sql`, ${droppedQuestions(refusing)}` : sql``}`
}

/** Keeps what people decided, as it came to be, and each consent that was given. */
function proven(wishes: readonly ContactWish[]): RawBuilder<unknown> {
  const proofs = wishes.flatMap(({ projectId, email, subscribed, subscribedWhenNew, consent, origin }) =>
    origin === undefined
      ? []
      : [
          {
            project_id: projectId,
            email,
            wanted: subscribed ?? subscribedWhenNew,
            is_consent: subscribed === true && consent !== undefined,
            ...proofOf(origin, (subscribed ?? subscribedWhenNew) ? consent : undefined),
          },
        ],
  )
  if (proofs.length === 0) return sql``
  return sql`, decided as (
      select merged.project_id, merged.id as contact_id, null::text as topic, merged.subscribed, how, actor, ip,
        user_agent, source, text, given_at
      from json_to_recordset(${JSON.stringify(proofs)}::json)
        as proof (project_id uuid, email text, wanted boolean, is_consent boolean, ${PROOF_COLUMNS})
      join merged using (project_id, email)
      left join written using (project_id, id)
      where merged.subscribed = wanted and (is_consent or is_decided)
    ), ${keptDecisions(sql.raw('decided'))}`
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
