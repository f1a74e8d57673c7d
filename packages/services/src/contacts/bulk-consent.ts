import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { agreedAt, askedForJob, staysOut } from '../consent/agreed.ts'
import { keptDecisions, PROOF_COLUMNS, proofOf, type Consent, type Origin } from '../consent/proof.ts'
import { droppedQuestions } from '../consent/questions.ts'
import type { JobAtWork } from '../project-jobs/step.ts'

/** Who says it and how the contacts agreed, as the job keeps it for their proofs. */
interface Said {
  origin: Origin
  consent?: Consent
}

/** What became of contacts that are locked. */
interface Consented {
  changed: number
  /** Those that refuse and stay as they are. */
  optedOut: string[]
}

/** Subscribes or unsubscribes contacts that are locked, and keeps that it was said of them. */
export async function setConsent(db: Db, job: JobAtWork, ids: string[], subscribed: boolean): Promise<Consented> {
  const { origin, consent } = job.input as unknown as Said // Safe because `bulkCalls` stored such.
  const brings = subscribed && consent !== undefined
  const isOut = staysOut(sql.ref('opted_out_at'), agreedAt(consent, askedForJob(job)))
  const named = sql`(select project_id, id as contact_id from contacts
    where project_id = ${job.projectId} and id = any(${ids}::uuid[]))`
  const { rows } = await sql<{ changed: number; optedOut: string[] }>`
    with changed as (
      update contacts set subscribed = ${subscribed}, updated_at = now(),
        opted_out_at = case when not ${subscribed}::boolean then now() end
      where project_id = ${job.projectId} and id = any(${ids}::uuid[])
        and case when ${subscribed}::boolean then not subscribed and not ${isOut}
          else opted_out_at is null end
      returning project_id, id
    ), decided as (
      select project_id, contacts.id as contact_id, null::text as topic, ${subscribed}::boolean as subscribed, proof.*
      from contacts, json_to_record(${JSON.stringify(proofOf(origin, consent))}::json) as proof (${PROOF_COLUMNS})
      where project_id = ${job.projectId} and contacts.id = any(${ids}::uuid[])
        and ((${brings} and contacts.subscribed) or contacts.id in (select id from changed))
    ), ${keptDecisions(sql.raw('decided'))}${subscribed ? sql`` : sql`, ${droppedQuestions(named)}`}
    select (select count(*)::int from changed) as changed, array(
      select id from contacts where project_id = ${job.projectId} and id = any(${ids}::uuid[])
        and ${subscribed}::boolean and ${isOut}) as "optedOut"
  `.execute(db)
  return rows[0] ?? { changed: 0, optedOut: [] }
}
