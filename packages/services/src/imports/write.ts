import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'
import { staysOut } from '../consent/agreed.ts'
import { keptDecisions, proofOf, type Consent, type Origin } from '../consent/proof.ts'
import { droppedQuestions } from '../consent/questions.ts'
import { forgottenRefusals, isRefused } from '../consent/refused.ts'
import { newId } from '../ids.ts'
import type { CombinedWish, OnConflict } from './piece.ts'

export interface Write {
  projectId: string
  onConflict: OnConflict
  /** Who says it; what people decided by it is kept as the proof. */
  origin: Origin
  consent: Consent | undefined
  /** When the job was asked for, */
  asked: RawBuilder<Date>
  /** and when these people agreed to come back; null where no consent came along that says so. */
  agreed: RawBuilder<Date | null>
  /** Whether the project asks people to confirm. */
  asksToConfirm: boolean
  /** Whether many of them are expected to be as wished already: this decides what writing costs, and nothing else. */
  isRepeat: boolean
}

/** A contact that was written, or would be. */
export interface Written {
  email: string
  isNew: boolean
  subscribed: boolean
  isOut: boolean
}

/** The addresses of people who refused, were erased or deleted since, and are not said to have agreed after that. */
export async function erasedAmong(
  db: Db,
  wishes: readonly CombinedWish[],
  { projectId, agreed }: Pick<Write, 'projectId' | 'agreed'>,
): Promise<Set<string>> {
  const project = sql`${projectId}::uuid`
  // Most projects have none, and need not send each address for that.
  const refused = await db
    .selectFrom('refused_addresses')
    .select('at')
    .where('project_id', '=', projectId)
    .limit(1)
    .execute()
  if (refused.length === 0) return new Set()
  const emails = wishes.map(({ email }) => email)
  const agreeing = wishes.map(({ subscribed }) => subscribed === true)
  const { rows } = await sql<{ email: string }>`
    select email from unnest(${emails}::text[], ${agreeing}::boolean[]) as given (email, agrees)
    where ${isRefused(project, sql.ref('given.email'), sql`case when agrees then ${agreed} end`)}
      and not exists (select from contacts where project_id = ${project} and contacts.email = given.email)
  `.execute(db)
  return new Set(rows.map(({ email }) => email))
}

/**
 * The addresses whose contacts would come to hold more than they may, new ones among them, which would fail all the others
 * with them. The database measures a row before it looks whether there is such a contact, so that none is skipped for it.
 */
export async function overfullAmong(
  db: Db,
  wishes: readonly CombinedWish[],
  { projectId, onConflict }: Pick<Write, 'projectId' | 'onConflict'>,
): Promise<Set<string>> {
  const data = onConflict === 'merge' ? sql`coalesce(contacts.data, '{}') || wish.data` : sql`wish.data`
  const { rows } = await sql<{ email: string }>`
    select wish.email
    from ${wishTable(wishes)} left join contacts on contacts.project_id = ${projectId} and contacts.email = wish.email
    where octet_length((${data})::text) > ${LIMITS.contactDataBytes}
  `.execute(db)
  return new Set(rows.map(({ email }) => email))
}

/** Of these addresses those whose contacts are not subscribed, and whether they opted out. */
export async function unsubscribedAmong(
  db: Db,
  projectId: string,
  emails: readonly string[],
): Promise<Map<string, Pick<Written, 'isOut'>>> {
  const { rows } = await sql<{ email: string; isOut: boolean }>`
    select email, opted_out_at is not null as "isOut"
    from contacts where project_id = ${projectId} and email = any(${emails}) and not subscribed
  `.execute(db)
  return new Map(rows.map(({ email, isOut }) => [email, { isOut }]))
}

/** What `writeContacts` would answer with, as things stand now. Nothing is written. */
export async function foreseeContacts(db: Db, wishes: readonly CombinedWish[], write: Write): Promise<Written[]> {
  const { isChange, subscribed, optedOutAt } = becoming(write, WISHED)
  const { rows } = await sql<Written>`
    select wish.email, contacts.id is null as "isNew",
      case when contacts.id is null then ${beginning(write, sql.ref('wish.subscribed'))} else ${subscribed} end as subscribed,
      case when contacts.id is null then wish.refuses else ${optedOutAt} is not null end as "isOut"
    from ${wishTable(wishes)}
    left join contacts on contacts.project_id = ${write.projectId} and contacts.email = wish.email
    where contacts.id is null ${write.onConflict === 'skip' ? sql`` : sql`or ${isChange}`}
  `.execute(db)
  return rows
}

/**
 * Creates and changes contacts with one statement, and answers with those that it wrote: one that is already as wished
 * is left as it is. Who opts out at the same moment is seen by it, too.
 */
export async function writeContacts(db: Db, wishes: readonly CombinedWish[], write: Write): Promise<Written[]> {
  const silent = wishes.filter(({ subscribed }) => subscribed === undefined).map(({ email }) => email)
  const isSaid = silent.length < wishes.length
  const { rows } = await sql<Written>`
    with given as materialized (select * from ${wishTable(wishes)}),
    wish as materialized (${write.isRepeat && write.onConflict !== 'skip' ? changing(write) : sql`select * from given`}),
    written as (
      insert into contacts (project_id, id, email, data, subscribed, opted_out_at)
      select ${write.projectId}::uuid, id, email, data, ${beginning(write, sql.ref('subscribed'))},
        case when refuses then least(refused_at, now()) end
      from wish order by email
      on conflict (project_id, email) ${conflict(write, isSaid, silent)}
      returning project_id, id, new.email, new.subscribed, new.opted_out_at, old.id is null as is_new,
        (old.subscribed, old.opted_out_at) is distinct from (new.subscribed, new.opted_out_at) as is_decided
    )${isSaid ? sql`${proven(write)}${heeded(write)}` : sql``}
    select email, is_new as "isNew", subscribed, opted_out_at is not null as "isOut" from written
  `.execute(db)
  return rows
}

/**
 * Without those that would change nothing: they would be locked for it, which writes the page of each, and others would
 * wait for them. Each is looked up, however many contacts the database believes to be there.
 */
const changing = (write: Write) => sql`
  select wish.* from given as wish
  left join lateral (
    select * from contacts where project_id = ${write.projectId} and email = wish.email limit 1
  ) as contacts on true
  where contacts.id is null or ${becoming(write, WISHED).isChange}`

function conflict(write: Write, isSaid: boolean, silent: string[]): RawBuilder<unknown> {
  if (write.onConflict === 'skip') return sql`do nothing`
  const { data, subscribed, optedOutAt, isChange } = becoming(write, {
    data: sql`excluded.data`,
    isSilent: !isSaid ? sql.lit(true) : silent.length === 0 ? sql.lit(false) : sql`contacts.email = any(${silent})`,
    agrees: sql`excluded.subscribed`,
    refusedAt: sql`excluded.opted_out_at`,
  })
  return sql`do update set data = ${data}, subscribed = ${subscribed}, opted_out_at = ${optedOutAt}, updated_at = now()
    where ${isChange}`
}

interface Said {
  /** Never has a null in it. */
  data: RawBuilder<unknown>
  isSilent: RawBuilder<unknown>
  agrees: RawBuilder<unknown>
  /** Null where the person does not refuse. */
  refusedAt: RawBuilder<unknown>
}

const WISHED: Said = {
  data: sql`wish.data`,
  isSilent: sql`wish.subscribed is null`,
  agrees: sql`wish.subscribed`,
  refusedAt: sql`case when wish.refuses then least(wish.refused_at, now()) end`,
}

/** What a contact that is new begins with. */
const beginning = ({ asksToConfirm }: Write, agrees: RawBuilder<unknown>) =>
  sql`coalesce(${agrees}, ${sql.lit(!asksToConfirm)})`

/** What a contact that is there becomes by a row. */
function becoming({ onConflict, agreed }: Write, { data: given, isSilent, agrees, refusedAt }: Said) {
  const data = onConflict === 'replace' ? given : sql`contacts.data || ${given}`
  const isOut = staysOut(sql.ref('contacts.opted_out_at'), agreed)
  // A file that does not say since when says nothing new of who is out already.
  const dated = sql`case when contacts.opted_out_at is null or ${refusedAt} < now() then ${refusedAt} end`
  const subscribed = sql`case when ${isSilent} then contacts.subscribed when not ${agrees} then false
    else not ${isOut} end`
  const optedOutAt = sql`case when ${isSilent} then contacts.opted_out_at
    when not ${agrees} then greatest(contacts.opted_out_at, ${dated})
    when not ${isOut} then null else contacts.opted_out_at end`
  const isChange = sql`(contacts.data, contacts.subscribed, contacts.opted_out_at)
    is distinct from (${data}, ${subscribed}, ${optedOutAt})`
  return { data, subscribed, optedOutAt, isChange }
}

/** Keeps what people decided, as it came to be. A row that changes nothing is no decision, so that a repeat keeps no more. */
function proven({ origin, consent }: Write): RawBuilder<unknown> {
  const { how, actor, ip, user_agent, source, text, given_at } = proofOf(origin, consent)
  return sql`, decided as (
      select written.project_id, written.id as contact_id, null::text as topic, written.subscribed, ${how}::text as how,
        ${JSON.stringify(actor)}::jsonb as actor, ${ip}::text as ip, ${user_agent}::text as user_agent,
        ${source}::text as source, ${text}::text as text, ${given_at}::timestamptz as given_at
      from written join wish using (email)
      where wish.subscribed = written.subscribed and is_decided
        and (wish.subscribed or wish.refuses or not written.is_new)
    ), ${keptDecisions(sql.raw('decided'))}`
}

/** A consent ends what was refused before there was such a contact, a refusal what the person was asked before. */
function heeded({ projectId, onConflict, consent, agreed: agreedAt }: Write): RawBuilder<unknown> {
  const project = sql`${projectId}::uuid`
  const agreed = sql`(select ${project} as project_id, email, ${agreedAt} as agreed_at from given where subscribed)`
  const refusing = sql`(select project_id, id as contact_id from contacts
    where project_id = ${project} and email = any(array(select email from given where refuses)))`
  return sql`${consent === undefined ? sql`` : sql`, ${forgottenRefusals(agreed)}`}
    ${onConflict === 'skip' ? sql`` : sql`, ${droppedQuestions(refusing)}`}`
}

function wishTable(wishes: readonly CombinedWish[]): RawBuilder<unknown> {
  // In one JSON with all else, each text would be read three times: it takes the database twice as long.
  const data = JSON.stringify(wishes.map(({ patch }) => patch))
  const refusedAt = wishes.map((wish) => wish.refusedAt ?? null)
  return sql`(
    select id, email, data::jsonb, subscribed, refuses, refused_at
    from rows from (
      unnest(${wishes.map(newId)}::uuid[], ${wishes.map(({ email }) => email)}::text[],
        ${wishes.map(({ subscribed }) => subscribed ?? null)}::boolean[], ${wishes.map(({ refuses }) => refuses)}::boolean[],
        ${refusedAt}::timestamptz[]),
      json_array_elements(${data}::json)
    ) as row (id, email, subscribed, refuses, refused_at, data)) as wish`
}
