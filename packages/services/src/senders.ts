import type { Mailbox } from '@posthorn/contracts'
import type { Db, StoredMailbox } from '@posthorn/db'
import { sql } from 'kysely'
import type { Context } from './context.ts'
import { ApiError } from './errors.ts'

/** From whom a project may send. */
export interface Sender {
  projectId: string
  defaultSender: StoredMailbox
  domains: string[]
}

export async function findSenders(db: Db, projectIds: string[]): Promise<(Sender | undefined)[]> {
  const { rows } = await sql<Sender>`
    select id as "projectId",
      json_build_object('email', default_sender_email, 'name', default_sender_name) as "defaultSender",
      array(select domain from domains where project_id = projects.id) as domains
    from projects where id = any(${projectIds}::uuid[])
  `.execute(db)
  const byId = new Map(rows.map((sender) => [sender.projectId, sender]))
  return projectIds.map((id) => byId.get(id))
}

/** The sender of the actor's project, which exists as long as its keys do. */
export async function getSender(ctx: Context): Promise<Sender> {
  const sender = await ctx.runtime.findSender(ctx.actor.projectId)
  if (sender === undefined) throw new ApiError('PROJECT_NOT_FOUND', 'There is no such project.')
  return sender
}

/** The address that a mail is from, or a refusal where the project may not use it. */
export function requireSender(
  ctx: Context,
  sender: Sender,
  asked: { from?: Mailbox | undefined; name?: string | undefined },
): StoredMailbox {
  const from = asked.from ?? sender.defaultSender
  const name = asked.from?.name ?? asked.name ?? (asked.from === undefined ? sender.defaultSender.name : null)
  const domain = from.email.slice(from.email.lastIndexOf('@') + 1)
  if (ctx.runtime.captures || sender.domains.includes(domain)) return { email: from.email, name }
  throw new ApiError('SENDER_UNVERIFIED', `This project may not send from ${domain}.`, {
    suggestion:
      sender.domains.length > 0
        ? `Send from one of its domains (${sender.domains.slice(0, 5).join(', ')}), or have the operator trust this one.`
        : `Have the operator run: pnpm posthorn domain trust ${domain} --project ${sender.projectId}`,
  })
}
