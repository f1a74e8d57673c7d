import type { Input, Output } from '@posthorn/contracts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { pageOf, readCursor } from '../cursor.ts'
import { hasPart } from '../search.ts'
import { summaryOf, type TemplateRow } from './read.ts'

type Asked = Input<'templates', 'list'>

/** One page, newest first: what follows a cursor, or the page of a number, which is the first where none is given. */
export async function listTemplates(ctx: Context, asked: Asked): Promise<Output<'templates', 'list'>> {
  const { cursor, page = 1, pageSize = asked.limit } = asked
  const before = readCursor(cursor)
  const isNumbered = before === undefined
  const rows = await fitting(ctx, asked)
    .selectAll('templates')
    .select('template_versions.subject')
    .$if(before !== undefined, (query) => query.where('templates.id', '<', before as string))
    .orderBy('templates.id', 'desc')
    .offset(isNumbered ? (page - 1) * pageSize : 0)
    .limit(pageSize + 1)
    .execute()
  const found = pageOf(rows, pageSize, (row) => summaryOf(row, row.subject))
  if (!isNumbered) return found
  const { total } = await fitting(ctx, asked)
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow()
  return { ...found, total, page, pageSize, totalPages: Math.ceil(total / pageSize) }
}

/** Those that are asked for, each with its newest version. */
const fitting = ({ db, actor }: Context, { search, type }: Asked) =>
  db
    .selectFrom('templates')
    .innerJoin('template_versions', (join) =>
      join
        .onRef('template_versions.project_id', '=', 'templates.project_id')
        .onRef('template_versions.template_id', '=', 'templates.id')
        .on(({ eb, fn }) => eb('number', '=', fn.coalesce('draft_version', 'published_version'))),
    )
    .where('templates.project_id', '=', actor.projectId)
    .$if(type !== undefined, (query) => query.where('type', '=', type as TemplateRow['type'])) // Safe because it is asked before.
    .$if(search !== undefined, (query) =>
      query.where(({ or, ref }) =>
        or([hasPart(ref('templates.name'), search as string), hasPart(ref('subject'), search as string)]),
      ),
    )
