import type { Output } from '@posthorn/contracts'
import { LIMITS } from '@posthorn/contracts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { getTemplate } from './read.ts'

/** How much mail a template made. Counts no further than the limit, so that it costs the same for a busy one. */
export async function usageOf(ctx: Context, { id }: { id: string }): Promise<Output<'templates', 'usage'>> {
  await getTemplate(ctx, id)
  const { rows } = await sql<{ emails: number; lastUsedAt: Date | null }>`
    select count(*)::int as emails, max(created_at) as "lastUsedAt" from (
      select created_at from emails where project_id = ${ctx.actor.projectId} and template_id = ${id}
      order by id desc limit ${LIMITS.countedUses}) used
  `.execute(ctx.db)
  return rows[0] ?? { emails: 0, lastUsedAt: null }
}
