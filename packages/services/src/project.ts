import type { Input } from '@posthorn/contracts'
import type { Tables } from '@posthorn/db'
import type { Updateable } from 'kysely'
import { audit } from './audit.ts'
import { announce } from './changes.ts'
import { inTransaction, type Context } from './context.ts'
import type { Handlers } from './handlers.ts'
import { lockProject } from './people/membership.ts'
import { projectNotFound } from './people/refusals.ts'
import { getSender, requireSender } from './senders.ts'

export const project: Handlers<'project'> = {
  get: (ctx) => getProject(ctx),

  update: (ctx, changes) =>
    inTransaction(ctx, async (ctx) => {
      await lockProject(ctx.db, ctx.actor.projectId)
      const before = await getProject(ctx)
      const columns = await columnsOf(ctx, changes)
      if (Object.keys(columns).length === 0) return before
      await ctx.db.updateTable('projects').set(columns).where('id', '=', before.id).execute()
      const after = await getProject(ctx)
      const detail = differences(before, after)
      if (Object.keys(detail).length === 0) return after
      await audit(ctx, { action: 'project.updated', target: before.id, detail })
      await announce(ctx.db, before.id, 'project')
      return after
    }),
}

/** What changed from what to what, field by field. */
const differences = (before: object, after: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(after).flatMap(([field, to]) => {
      const from = (before as Record<string, unknown>)[field]
      return JSON.stringify(from) === JSON.stringify(to) ? [] : [[field, { from, to }]]
    }),
  )

async function columnsOf(ctx: Context, changes: Input<'project', 'update'>): Promise<Updateable<Tables['projects']>> {
  const { name, defaultSender, language, timeZone, postalAddress, doubleOptIn, retentionDays, browserFields } = changes
  const sender = defaultSender && requireSender(ctx, await getSender(ctx), { from: defaultSender })
  return {
    ...(name !== undefined && { name: name.trim() }),
    ...(sender !== undefined && { default_sender_email: sender.email, default_sender_name: sender.name }),
    ...(language !== undefined && { language }),
    ...(timeZone !== undefined && { time_zone: timeZone }),
    ...(postalAddress !== undefined && { postal_address: postalAddress }),
    ...(doubleOptIn !== undefined && { double_opt_in: doubleOptIn }),
    ...(retentionDays !== undefined && { retention_days: retentionDays }),
    ...(browserFields !== undefined && { browser_fields: [...new Set(browserFields)] }),
  }
}

async function getProject({ db, actor }: Context) {
  const row = await db
    .selectFrom('projects')
    .selectAll()
    .where('id', '=', actor.projectId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) throw projectNotFound()
  const domains = await db
    .selectFrom('domains')
    .select('domain')
    .where('project_id', '=', actor.projectId)
    .orderBy('domain')
    .execute()
  return {
    id: row.id,
    name: row.name,
    defaultSender: { email: row.default_sender_email, name: row.default_sender_name },
    domains: domains.map(({ domain }) => domain),
    language: row.language,
    timeZone: row.time_zone,
    postalAddress: row.postal_address,
    doubleOptIn: row.double_opt_in,
    retentionDays: row.retention_days,
    browserFields: row.browser_fields,
    createdAt: row.created_at,
  }
}
