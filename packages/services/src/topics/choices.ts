import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { askToConfirm, type Asking } from '../consent/ask.ts'
import { keptDecisions, PROOF_COLUMNS, proofOf, type Consent, type Origin } from '../consent/proof.ts'
import type { ConsentState } from '../consent/state.ts'
import { lockContacts } from '../contacts/remove.ts'
import { requireTopics, topicsOf, type TopicRow } from './read.ts'

export type Choices = Readonly<Record<string, boolean>>

/** What is to be chosen for a contact. */
export interface TopicWish {
  contactId: string
  /** True to choose it, false to leave it; topics that are not named stay as they are. */
  choices: Choices
  consent: Consent | undefined
}

export interface Choosing {
  asking: Asking
  origin: Origin
}

/** How things stand with each topic that was named. */
export type TopicStates = Record<string, ConsentState>

/** Nothing is said of topics where nothing was asked of them. */
export const told = (states: TopicStates = {}): TopicStates | undefined =>
  Object.keys(states).length === 0 ? undefined : states

interface Outcome {
  contactId: string
  topic: string
  before: boolean | null
  isWritten: boolean
  isSubscribed: boolean
}

/**
 * Chooses and leaves topics for contacts, in the transaction of the caller. Who left a topic comes back to it by a
 * consent alone. Where a topic is to be confirmed, its contacts are asked first. Answers wish for wish.
 */
export async function chooseTopics(
  db: Db,
  { asking, origin }: Choosing,
  wishes: readonly TopicWish[],
): Promise<TopicStates[]> {
  const { projectId } = asking.sender
  const named = wishes.flatMap(({ choices }) => Object.keys(choices))
  if (named.length === 0) return wishes.map(() => ({}))
  const topics = await requireTopics(db, projectId, named)
  await lockContacts(db, { projectId, ids: [...new Set(wishes.map(({ contactId }) => contactId))] })
  // Of several wishes for one contact the later win, as they would one after the other.
  const wanted = new Map<string, Wanted>()
  for (const { contactId, choices, consent } of wishes) {
    for (const [topic, subscribed] of Object.entries(choices)) {
      wanted.set(`${contactId} ${topic}`, {
        contactId,
        topic,
        subscribed,
        consent,
        waits: waits(topics, topic, { subscribed, consent }),
      })
    }
  }
  const outcomes = await write(db, { projectId, origin }, [...wanted.values()])
  const byKey = new Map(outcomes.map((outcome) => [`${outcome.contactId} ${outcome.topic}`, outcome]))
  const isAsked = ({ waits: isToConfirm, consent, contactId, topic }: Wanted) => {
    const before = byKey.get(`${contactId} ${topic}`)?.before ?? null
    return isToConfirm && (before === null || (!before && consent !== undefined))
  }
  const questions = Map.groupBy([...wanted.values()].filter(isAsked), ({ contactId }) => contactId)
  await askToConfirm(
    db,
    asking,
    [...questions].map(([contactId, ofContact]) => ({
      contactId,
      subscribes: false,
      topics: ofContact.map(({ topic }) => topic),
      consent: ofContact.find(({ consent }) => consent !== undefined)?.consent,
    })),
  )
  const stateOf = (one: Wanted): ConsentState => {
    const outcome = byKey.get(`${one.contactId} ${one.topic}`)
    if (isAsked(one)) return 'pending'
    const isChosen = outcome?.isWritten ? one.subscribed : outcome?.before
    if (isChosen) return outcome?.isSubscribed ? 'subscribed' : 'unsubscribed'
    return 'opted-out'
  }
  return wishes.map(({ contactId, choices }) =>
    Object.fromEntries(
      // Safe because each was put there above.
      Object.keys(choices).map((topic) => [topic, stateOf(wanted.get(`${contactId} ${topic}`) as Wanted)]),
    ),
  )
}

interface Wanted {
  contactId: string
  topic: string
  subscribed: boolean
  consent: Consent | undefined
  /** It is for the person to confirm it first. */
  waits: boolean
  /** The person says so themselves. */
  isOwnWord?: boolean
}

const waits = (
  topics: ReadonlyMap<string, TopicRow>,
  topic: string,
  { subscribed, consent }: Pick<Wanted, 'subscribed' | 'consent'>,
) => subscribed && (topics.get(topic)?.double_opt_in ?? false) && consent?.confirmed !== true

async function write(
  db: Db,
  { projectId, origin }: { projectId: string; origin: Origin },
  wanted: readonly Wanted[],
): Promise<Outcome[]> {
  const rows = wanted.map(({ contactId, topic, subscribed, consent, waits: isToConfirm, isOwnWord = false }) => ({
    contact_id: contactId,
    topic,
    wanted: subscribed,
    waits: isToConfirm,
    consents: isOwnWord || consent !== undefined,
    ...proofOf(origin, subscribed ? consent : undefined),
  }))
  const { rows: outcomes } = await sql<Outcome>`
    with want as materialized (
      select want.*, choice.subscribed as before, contacts.subscribed as is_subscribed
      from json_to_recordset(${JSON.stringify(rows)}::json) as want (contact_id uuid, topic text, wanted boolean,
        waits boolean, consents boolean, ${PROOF_COLUMNS})
      join contacts on contacts.project_id = ${projectId} and contacts.id = want.contact_id
      left join contact_topics choice on choice.project_id = ${projectId}
        and choice.contact_id = want.contact_id and choice.topic_id = topic
    ), written as (
      insert into contact_topics (project_id, contact_id, topic_id, subscribed)
      select ${projectId}, contact_id, topic, wanted from want
      where wanted is distinct from before and not waits and (not wanted or before is null or consents)
      order by contact_id, topic
      on conflict (project_id, contact_id, topic_id) do update set subscribed = excluded.subscribed, at = now()
      returning contact_id, topic_id
    ), left_open as (
      update confirmations set topics = array(select unnest(topics) except select topic from want
        where want.contact_id = confirmations.contact_id and not wanted)
      where project_id = ${projectId} and contact_id in (select contact_id from want where not wanted)
    ), decided as (
      select ${projectId}::uuid as project_id, want.contact_id, topic, wanted as subscribed, how, actor, ip, user_agent,
        source, text, given_at
      from want join written on written.contact_id = want.contact_id and topic_id = topic
    ), ${keptDecisions(sql.raw('decided'))}
    select want.contact_id as "contactId", topic, before, is_subscribed as "isSubscribed",
      exists (select from written where written.contact_id = want.contact_id and topic_id = topic) as "isWritten"
    from want
  `.execute(db)
  return outcomes
}

/**
 * Chooses and leaves topics for contacts that the caller holds, and asks nobody: a topic that is to be confirmed is only
 * chosen by a consent that was. Refuses nothing, so the topics have to be there. Answers with whom it changed.
 */
export async function chooseUnasked(
  db: Db,
  { projectId, origin }: { projectId: string; origin: Origin },
  wishes: readonly TopicWish[],
): Promise<Set<string>> {
  const topics = new Map((await topicsOf(db, projectId)).map((topic) => [topic.id, topic]))
  const wanted = wishes.flatMap(({ contactId, choices, consent }) =>
    Object.entries(choices).map(([topic, subscribed]) => ({
      contactId,
      topic,
      subscribed,
      consent,
      waits: waits(topics, topic, { subscribed, consent }),
    })),
  )
  const outcomes = wanted.length === 0 ? [] : await write(db, { projectId, origin }, wanted)
  return new Set(outcomes.filter(({ isWritten }) => isWritten).map(({ contactId }) => contactId))
}

/** What people choose themselves, by a link that is theirs. Answers whether anything changed. */
export async function chooseOneself(
  db: Db,
  { projectId, contactId, choices, origin, consent }: OwnChoices,
): Promise<boolean> {
  const wanted = Object.entries(choices).map(([topic, subscribed]) => ({
    contactId,
    topic,
    subscribed,
    consent,
    waits: false,
    isOwnWord: true,
  }))
  if (wanted.length === 0) return false
  const outcomes = await write(db, { projectId, origin }, wanted)
  return outcomes.some(({ isWritten }) => isWritten)
}

interface OwnChoices {
  projectId: string
  contactId: string
  choices: Choices
  origin: Origin
  /** What was said for them when they were asked to confirm it. */
  consent?: Consent | undefined
}
