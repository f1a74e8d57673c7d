import type { ActivityType } from '@posthorn/contracts'
import { sql, type RawBuilder } from 'kysely'
import { STATUS } from '../emails/read.ts'

/** What of a source can be on a page: at most so many, of ids in these bounds. */
export interface Bounds {
  projectId: string
  from: string
  to: string | undefined
  limit: number
  since?: Date | undefined
  until?: Date | undefined
  contactId?: string | undefined
  templateId?: string | undefined
}

/** By the ids, which an index has, and by the moments, which are on the clock of the database. */
function between(
  id: RawBuilder<string>,
  at: RawBuilder<Date>,
  { from, to, since, until }: Bounds,
): RawBuilder<boolean> {
  const conditions = [sql`${id} >= ${from}`]
  if (to !== undefined) conditions.push(sql`${id} < ${to}`)
  if (since !== undefined) conditions.push(sql`${at} >= ${since}`)
  if (until !== undefined) conditions.push(sql`${at} < ${until}`)
  return sql`${sql.join(conditions, sql` and `)}`
}

const where = (column: RawBuilder<unknown>, value: string | undefined): RawBuilder<boolean> =>
  value === undefined ? sql`true` : sql`${column} = ${value}`

/**
 * The newest mails, as ids. There is no index of mails by contact, which each mail would pay for: those of a contact
 * are found by the addresses that it has and had.
 */
export function emailIds(bounds: Bounds): RawBuilder<string> {
  const { projectId, contactId, templateId, limit } = bounds
  const ids = (more: RawBuilder<boolean>) => sql<string>`
    select id from emails
    where project_id = ${projectId} and ${between(sql`id`, sql`created_at`, bounds)} and ${where(sql`template_id`, templateId)} and ${more}
    order by id desc limit ${limit}`
  if (contactId === undefined) return ids(sql`true`)
  return sql<string>`
    select mails.id from (
      select email from contacts where project_id = ${projectId} and id = ${contactId}
      union select email from contact_addresses where project_id = ${projectId} and contact_id = ${contactId}
    ) address, lateral (${ids(sql`to_email = address.email and contact_id = ${contactId}`)}) mails
    order by mails.id desc limit ${limit}`
}

/** The newest events: id, contact_id, name, data, created_at. */
export function newestEvents(bounds: Bounds): RawBuilder<unknown> {
  const { projectId, contactId, limit } = bounds
  return sql`
    select id, contact_id, name, data, created_at from events
    where project_id = ${projectId} and ${between(sql`id`, sql`created_at`, bounds)} and ${where(sql`contact_id`, contactId)}
    order by id desc limit ${limit}`
}

/** What each part of the feed reads: id, at, contact_id and all the rest of it as JSON. Each by an index, to the limit. */
export const SOURCES: Record<ActivityType, (bounds: Bounds) => RawBuilder<unknown>> = {
  email: (bounds) => sql`
    select emails.id, emails.created_at as at, contact_id, jsonb_build_object('contactEmail', to_email,
      'subject', subject, 'status', ${STATUS}, 'stream', emails.stream, 'templateId', template_id, 'endedAt', ended_at) as rest
    from emails left join outbox on outbox.project_id = emails.project_id and outbox.email_id = emails.id
    where emails.project_id = ${bounds.projectId} and emails.id in (${emailIds(bounds)})`,

  event: (bounds) => sql`
    select id, created_at, contact_id, jsonb_build_object('name', name, 'data', data)
    from (${newestEvents(bounds)}) newest`,

  contact: (bounds) => sql`
    select id, created_at, id, jsonb_build_object('contactEmail', email) from contacts
    where project_id = ${bounds.projectId} and ${between(sql`id`, sql`created_at`, bounds)} and ${where(sql`id`, bounds.contactId)}
    order by id desc limit ${bounds.limit}`,

  consent: (bounds) => sql`
    select id, at, contact_id, jsonb_build_object('subscribed', subscribed, 'topic', topic, 'how', how) from consent_log
    where project_id = ${bounds.projectId} and ${between(sql`id`, sql`at`, bounds)} and ${where(sql`contact_id`, bounds.contactId)}
    order by id desc limit ${bounds.limit}`,

  template: (bounds) => sql`
    select id, published_at, null::uuid, jsonb_build_object('templateId', template_id, 'version', number, 'name', (
      select name from templates where templates.project_id = ${bounds.projectId} and templates.id = template_id))
    from (
      select published_id(published_at, template_id) as id, published_at, template_id, number from template_versions
      where project_id = ${bounds.projectId} and published_at >= uuid_extract_timestamp(${asVersion7(bounds.from)}::uuid)
        and ${bounds.to === undefined ? sql`published_at is not null` : sql`published_at <= uuid_extract_timestamp(${asVersion7(bounds.to)}::uuid) + interval '1 millisecond'`}
        and ${between(sql`published_id(published_at, template_id)`, sql`published_at`, bounds)}
        and ${where(sql`template_id`, bounds.templateId)}
      order by published_at desc limit ${bounds.limit}
    ) published`,

  job: (bounds) => sql`
    select id, created_at, null::uuid, jsonb_build_object('kind', kind, 'status', status, 'finishedAt', finished_at)
    from project_jobs where project_id = ${bounds.projectId} and ${between(sql`id`, sql`created_at`, bounds)}
    order by id desc limit ${bounds.limit}`,
}

/** PostgreSQL reads the time of those alone that say they have one. */
const asVersion7 = (id: string) => `${id.slice(0, 14)}7${id.slice(15, 19)}8${id.slice(20)}`
