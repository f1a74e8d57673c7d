import type { Db, StoredActor } from '@posthorn/db'
import type { ConsentWay } from '@posthorn/db/tables/consent-log'
import { sql, type RawBuilder } from 'kysely'
import { storedActor } from '../audit.ts'
import type { Actor, Context } from '../context.ts'

/** What a caller says of how the person agreed. */
export interface Consent {
  /** Where, such as `checkout` or an address of a page. */
  source: string
  /** The words that the person agreed to, or their version. */
  text?: string | undefined
  ip?: string | undefined
  userAgent?: string | undefined
  at?: Date | undefined
  /** The person has shown that the address is theirs, so that nobody has to ask them. */
  confirmed?: boolean | undefined
}

/** By which way a consent comes or goes, and who says it. */
export interface Origin {
  how: ConsentWay
  /** Null: the person did it themselves. */
  actor: StoredActor | null
  /** The person's, never those of a server that speaks for them. */
  ip: string | null
  userAgent: string | null
}

const WAYS = { key: 'api', user: 'dashboard', system: 'system' } as const satisfies Record<Actor['kind'], ConsentWay>

/** Whether it is said with a key that anybody can hold. */
export const isPublic = ({ actor }: Pick<Context, 'actor'>) => actor.kind === 'key' && actor.keyKind === 'public'

/** Who asks, as the proof of a consent has it. What a public key says comes from the browser of the person. */
export function originOf(ctx: Pick<Context, 'actor' | 'ip' | 'userAgent'>, how?: ConsentWay): Origin {
  const { actor, ip, userAgent } = ctx
  const isFromBrowser = isPublic(ctx)
  return {
    how: how ?? WAYS[actor.kind],
    actor: storedActor(actor),
    ip: isFromBrowser ? (ip ?? null) : null,
    userAgent: isFromBrowser ? (userAgent ?? null) : null,
  }
}

/**
 * So many of a contact are kept of each topic, and so many of all mail, the first and the newest: who has a link could decide
 * back and forth without end.
 */
export const KEPT_DECISIONS = 100

/** What a row of the log is made of, apart from whom and what it is about. */
export const PROOF_COLUMNS = sql`how text, actor jsonb, ip text, user_agent text, source text, text text, given_at timestamptz`

/** The same as a value. */
export function proofOf({ how, actor, ip, userAgent }: Origin, consent?: Consent) {
  return {
    how,
    actor,
    ip: consent?.ip ?? ip,
    user_agent: consent?.userAgent ?? userAgent,
    source: consent?.source ?? null,
    text: consent?.text ?? null,
    given_at: consent?.at ?? null,
  }
}

/**
 * Table expressions that keep decisions: `source` names a table expression with project_id, contact_id, topic,
 * subscribed and the columns of a proof, in which a contact has one row for each topic at most.
 */
export function keptDecisions(source: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    logged as (
      insert into consent_log (project_id, contact_id, id, topic, subscribed, how, actor, ip, user_agent, source, text, given_at)
      select project_id, contact_id, uuidv7(), topic, subscribed, how, actor, ip, user_agent, source, text, given_at
      from ${source}
      returning project_id, contact_id, topic
    ), log_trimmed as (
      delete from consent_log using logged fresh
      where consent_log.project_id = fresh.project_id and consent_log.contact_id = fresh.contact_id
        and consent_log.id = any(array(
          select older.id from consent_log older
          where older.project_id = fresh.project_id and older.contact_id = fresh.contact_id
            and older.topic is not distinct from fresh.topic
          order by older.id desc offset ${KEPT_DECISIONS} - 2))
        and consent_log.id <> (
          select first.id from consent_log first
          where first.project_id = fresh.project_id and first.contact_id = fresh.contact_id
            and first.topic is not distinct from fresh.topic
          order by first.id limit 1)
    )`
}

interface Decision {
  projectId: string
  contactId: string
  topic: string | null
  subscribed: boolean
  origin: Origin
  consent?: Consent | undefined
}

/** Keeps one decision. */
export async function keepDecision(db: Db, decision: Decision): Promise<void> {
  const { projectId, contactId, topic, subscribed, origin, consent } = decision
  const row = { project_id: projectId, contact_id: contactId, topic, subscribed, ...proofOf(origin, consent) }
  await sql`
    with decided as (
      select * from json_to_recordset(${JSON.stringify([row])}::json)
        as row (project_id uuid, contact_id uuid, topic text, subscribed boolean, ${PROOF_COLUMNS})
    ), ${keptDecisions(sql.raw('decided'))}
    select count(*) from logged
  `.execute(db)
}
