import type { Mailbox } from '@posthorn/contracts'
import type { Db, StoredMailbox } from '@posthorn/db'
import { sql } from 'kysely'
import type { Context } from './context.ts'
import { ApiError } from './errors.ts'
import { UNOWNED } from './instance.ts'

/** From whom a project may send. */
export interface Sender {
  projectId: string
  defaultSender: StoredMailbox
  domains: string[]
  /** The project’s; mails that say nothing else are written in them. */
  language: string
  timeZone: string
  /** Whom marketing mail names as its sender, and where they are. */
  projectName: string
  postalAddress: string | null
  /** Whether who subscribes is asked by mail to confirm it. */
  doubleOptIn: boolean
}

/** A project's sender as JSON, for statements that read from `projects`. */
export const SENDER = sql<Sender>`json_build_object(
  'projectId', projects.id,
  'defaultSender', json_build_object('email', default_sender_email, 'name', default_sender_name),
  'domains', array(select domain from domains where domains.project_id = projects.id),
  'language', projects.language, 'timeZone', projects.time_zone, 'projectName', projects.name,
  'postalAddress', postal_address, 'doubleOptIn', double_opt_in)`

/** The sender of the actor's project. A key brings it along from its own look-up. */
export async function getSender({ db, actor }: Context): Promise<Sender> {
  if (actor.kind === 'key') return actor.sender
  const { rows } = await sql<{ sender: Sender }>`
    select ${SENDER} as sender from projects where id = ${actor.projectId}
  `.execute(db)
  if (rows[0] === undefined) throw new ApiError('PROJECT_NOT_FOUND', 'There is no such project.')
  return rows[0].sender
}

/** The address that a mail is from, or a refusal where the project may not use it. */
export function requireSender(
  ctx: { runtime: Pick<Context['runtime'], 'captures'> },
  sender: Sender,
  asked: { from?: Mailbox | undefined; name?: string | undefined },
): StoredMailbox {
  const from = asked.from ?? sender.defaultSender
  const name = asked.from?.name ?? asked.name ?? (asked.from === undefined ? sender.defaultSender.name : null)
  const domain = from.email.slice(from.email.lastIndexOf('@') + 1)
  if (ctx.runtime.captures || sender.domains.includes(domain)) return { email: from.email, name }
  throw new ApiError('SENDER_UNVERIFIED', `This project may not send from ${domain}.`, {
    suggestion: howToSend(sender, domain),
  })
}

/**
 * From whom Posthorn’s own mail is. Where it has to pass a relay and its own project may send from no domain yet, the
 * oldest project lends its sender: a password must be resettable as soon as any mail can be sent.
 */
export async function productSender(db: Db, projectId: string, captures: boolean): Promise<StoredMailbox> {
  const { rows } = await sql<{ email: string; name: string | null }>`
    select default_sender_email as email,
      case when id = ${projectId} then default_sender_name else 'Posthorn' end as name
    from projects
    where deleted_at is null and (id = ${projectId} or not ${captures}::boolean)
    order by
      exists (select from domains where project_id = projects.id and domain = split_part(default_sender_email, '@', 2)) desc,
      id = ${projectId} desc, id
    limit 1
  `.execute(db)
  if (rows[0] === undefined) throw new Error('the instance has no project of its own')
  return rows[0]
}

function howToSend({ projectId, domains }: Sender, domain: string): string {
  const known = domains.slice(0, 5).join(', ')
  // Nobody can own such a domain, so trusting it would lead to mail that no relay takes.
  if (domain.endsWith(`.${UNOWNED}`)) {
    return domains.length > 0
      ? `Give a \`from\` at one of its domains (${known}).`
      : `Give a \`from\` at a domain of yours, and have the operator trust that: pnpm posthorn domain trust YOUR-DOMAIN --project ${projectId}`
  }
  return domains.length > 0
    ? `Send from one of its domains (${known}), or have the operator trust this one.`
    : `Have the operator run: pnpm posthorn domain trust ${domain} --project ${projectId}`
}
