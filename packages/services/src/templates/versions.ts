import type { Input, Output } from '@posthorn/contracts'
import type { Context } from '../context.ts'
import { badCursor } from '../cursor.ts'
import { getTemplate } from './read.ts'

const cursorOf = (number: number) => Buffer.from(`v${number}`).toString('base64url')

function numberOf(cursor: string): number {
  const [, digits] = /^v(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (digits === undefined) throw badCursor()
  return Number(digits)
}

/** The versions of a template, newest first. */
export async function listVersions(
  ctx: Context,
  { id, limit, cursor }: Input<'templates', 'versions'>,
): Promise<Output<'templates', 'versions'>> {
  const template = await getTemplate(ctx, id)
  const before = cursor === undefined ? undefined : numberOf(cursor)
  const rows = await ctx.db
    .selectFrom('template_versions')
    .select(['number', 'subject', 'created_at', 'published_at', 'created_by'])
    .where('project_id', '=', ctx.actor.projectId)
    .where('template_id', '=', id)
    .$if(before !== undefined, (query) => query.where('number', '<', before as number))
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const hasMore = rows.length > limit
  return {
    data: page.map((row) => ({
      version: row.number,
      subject: row.subject,
      isPublished: row.number === template.published_version,
      isDraft: row.number === template.draft_version,
      createdAt: row.created_at,
      publishedAt: row.published_at,
      createdBy: row.created_by.name ?? null,
    })),
    cursor: hasMore ? cursorOf(page.at(-1)?.number ?? 0) : null,
    hasMore,
  }
}
