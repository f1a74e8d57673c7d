import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'
import { agreedAt, endsRefusal, staysOut } from '../consent/agreed.ts'
import { askToConfirm, type Asking } from '../consent/ask.ts'
import { keptDecisions, PROOF_COLUMNS, proofOf, type Consent, type Origin } from '../consent/proof.ts'
import type { ConsentState } from '../consent/state.ts'
import { lockContacts } from '../contacts/remove.ts'
import { heldTopics, requireTopics, type TopicRow } from './read.ts'

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
  /** They left it, and have not agreed anew since. */
  staysOut: boolean
  isWanted: boolean
  isWritten: boolean
  isSubscribed: boolean
}

/**
 * Chooses and leaves topics for contacts, in the transaction of the caller. Who left a topic comes back to it by a
 * consent alone that is newer. Where a topic is to be confirmed, its contacts are asked first. Answers wish for wish.
 */
export async function chooseTopics(
  db: Db,
  { asking, origin }: Choosing,
  wishes: readonly TopicWish[],
): Promise<TopicStates[]> {
  const { projectId } = asking.sender
  const named = wishes.flatMap(({ choices }) => Object.keys(choices))
  if (named.length === 0) return wishes.map(() => ({}))
  const topics = await requireTopics(db, projectId, named, { toChoose: true })
  await lockContacts(db, { projectId, ids: [...new Set(wishes.map(({ contactId }) => contactId))] })
  // Of several wishes for one contact the later win, as they would one after the other, but for who just left.
  const wanted = new Map<string, Wanted>()
  for (const { contactId, choices, consent } of wishes) {
    for (const [topic, subscribed] of Object.entries(choices)) {
      const key = `${contactId} ${topic}`
      if (subscribed && wanted.get(key)?.subscribed === false && !endsRefusal(consent)) continue
      wanted.set(key, {
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
  const isToBeAsked = ({ waits: isToConfirm, contactId, topic }: Wanted) => {
    const outcome = byKey.get(`${contactId} ${topic}`)
    return isToConfirm && outcome !== undefined && outcome.before !== true && !outcome.staysOut
  }
  const questions = Map.groupBy([...wanted.values()].filter(isToBeAsked), ({ contactId }) => contactId)
  const asked = await askToConfirm(
    db,
    asking,
    [...questions].map(([contactId, ofContact]) => ({
      contactId,
      topics: ofContact.map(({ topic }) => topic),
      consent: ofContact.find(({ consent }) => consent !== undefined)?.consent,
      evenIfOut: true,
    })),
  )
  const stateOf = (one: Wanted): ConsentState => {
    const outcome = byKey.get(`${one.contactId} ${one.topic}`)
    if (isToBeAsked(one)) return asked.has(one.contactId) ? 'pending' : 'opted-out'
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
  /** Whether its consent is heard of who left the topic; left out, any is. */
  endsRefusals?: boolean
}

const waits = (
  topics: ReadonlyMap<string, TopicRow>,
  topic: string,
  { subscribed, consent }: Pick<Wanted, 'subscribed' | 'consent'>,
) => subscribed && (topics.get(topic)?.double_opt_in ?? false) && consent?.confirmed !== true

interface Saying {
  projectId: string
  origin: Origin
  /** When it was asked for, where that was before the transaction began. */
  asked?: RawBuilder<Date>
}

async function write(db: Db, { projectId, origin, asked }: Saying, wanted: readonly Wanted[]): Promise<Outcome[]> {
  const rows = wanted.map((one) => ({
    contact_id: one.contactId,
    topic: one.topic,
    wanted: one.subscribed,
    waits: one.waits,
    is_own: one.isOwnWord ?? false,
    consents: one.endsRefusals ?? one.consent !== undefined,
    ...proofOf(origin, one.subscribed ? one.consent : undefined),
  }))
  const { rows: outcomes } = await sql<Outcome>`
    with want as materialized (
      select want.*, choice.subscribed as before, contacts.subscribed as is_subscribed,
        not is_own and choice.subscribed is false and ${staysOut(
          sql.ref('choice.at'),
          sql`case when consents then ${agreedAt({ at: sql.ref('given_at') }, asked)} end`,
        )} as stays_out
      from json_to_recordset(${JSON.stringify(rows)}::json) as want (contact_id uuid, topic text, wanted boolean,
        waits boolean, is_own boolean, consents boolean, ${PROOF_COLUMNS})
      join contacts on contacts.project_id = ${projectId} and contacts.id = want.contact_id
      left join contact_topics choice on choice.project_id = ${projectId}
        and choice.contact_id = want.contact_id and choice.topic_id = topic
    ), written as (
      insert into contact_topics (project_id, contact_id, topic_id, subscribed)
      select ${projectId}, contact_id, topic, wanted from want
      where wanted is distinct from before and not waits and not (wanted and stays_out)
      order by contact_id, topic
      on conflict (project_id, contact_id, topic_id) do update set subscribed = excluded.subscribed, at = now()
      returning contact_id, topic_id
    ), said_again as (
      -- A consent from before this no brings nobody back.
      update contact_topics again set at = now() from want
      where again.project_id = ${projectId} and again.contact_id = want.contact_id and again.topic_id = topic
        and not wanted and not again.subscribed
    ), left_open as (
      update confirmations set topics = array(select unnest(topics) except select topic from want
        where want.contact_id = confirmations.contact_id and not wanted)
      where project_id = ${projectId} and contact_id in (select contact_id from want where not wanted)
    ), decided as (
      select ${projectId}::uuid as project_id, want.contact_id, topic, wanted as subscribed, how, actor, ip, user_agent,
        source, text, given_at
      from want join written on written.contact_id = want.contact_id and topic_id = topic
    ), ${keptDecisions(sql.raw('decided'))}
    select want.contact_id as "contactId", topic, before, wanted as "isWanted", stays_out as "staysOut", is_subscribed as "isSubscribed",
      exists (select from written where written.contact_id = want.contact_id and topic_id = topic) as "isWritten"
    from want
  `.execute(db)
  return outcomes
}

/** Why somebody is kept out of what was wished for them. */
export type Kept = 'opted_out' | 'not_confirmed'

interface Unasked {
  /** The contacts for which it changed something. */
  changed: Set<string>
  /** The topics that were to be chosen, and are not. */
  kept: { contactId: string; topic: string; why: Kept }[]
}

/**
 * Chooses and leaves topics for contacts that the caller holds, and asks nobody: a topic that is to be confirmed is only
 * chosen by a consent that was, and one that somebody left by a consent that says since when. Refuses nothing: a topic that
 * is gone is passed over.
 */
export async function chooseUnasked(db: Db, saying: Saying, wishes: readonly TopicWish[]): Promise<Unasked> {
  const named = wishes.flatMap(({ choices }) => Object.keys(choices))
  const topics = await heldTopics(db, saying.projectId, named)
  const wanted = wishes.flatMap(({ contactId, choices, consent }) =>
    Object.entries(choices)
      .filter(([topic]) => topics.has(topic))
      .map(([topic, subscribed]) => ({
        contactId,
        topic,
        subscribed,
        consent,
        waits: waits(topics, topic, { subscribed, consent }),
        endsRefusals: consent?.at !== undefined,
      })),
  )
  const outcomes = wanted.length === 0 ? [] : await write(db, saying, wanted)
  return {
    changed: new Set(outcomes.filter(({ isWritten }) => isWritten).map(({ contactId }) => contactId)),
    // Whatever else was to be chosen is written, or was chosen before.
    kept: outcomes
      .filter(({ isWanted, isWritten, before }) => isWanted && !isWritten && before !== true)
      .map(({ contactId, topic, staysOut: isOut }) => ({
        contactId,
        topic,
        why: isOut ? 'opted_out' : 'not_confirmed',
      })),
  }
}

/** What people choose themselves, by a link that is theirs. Answers whether anything changed. */
export async function chooseOneself(
  db: Db,
  { projectId, contactId, choices, origin, consent }: OwnChoices,
): Promise<boolean> {
  const topics = await heldTopics(db, projectId, Object.keys(choices))
  const held = Object.entries(choices).filter(([topic]) => topics.has(topic))
  const wanted = held.map(([topic, subscribed]) => ({
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
