import type { Output } from '@posthorn/contracts'
import { sql } from 'kysely'
import { countedMails } from '../analytics/counted.ts'
import type { Context } from '../context.ts'
import { getTemplate } from './read.ts'

/** How much mail a template made, of the counters; when last, of the mail itself where it is still there. */
export async function usageOf(ctx: Context, { id }: { id: string }): Promise<Output<'templates', 'usage'>> {
  await getTemplate(ctx, id)
  const { projectId } = ctx.actor
  const mails = countedMails({ projectId, dimension: 'template', since: sql`'-infinity'`, until: sql`'infinity'` })
  const { rows } = await sql<{ emails: number; lastUsedAt: Date | null }>`
    select coalesce(sum(accepted), 0)::float8 as emails, coalesce(
        (select created_at from emails where project_id = ${projectId} and template_id = ${id} order by id desc limit 1),
        max(quarter) filter (where accepted > 0)) as "lastUsedAt"
    from (${mails}) counted where name = ${id}
  `.execute(ctx.db)
  return rows[0] ?? { emails: 0, lastUsedAt: null }
}
