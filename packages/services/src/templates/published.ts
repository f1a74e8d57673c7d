import type { StoredVariable } from '@posthorn/db/tables/templates'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { TemplateRow } from './read.ts'

/** A template as it is sent. */
export interface PublishedTemplate {
  id: string
  type: TemplateRow['type']
  subject: string
  html: string
  text: string | null
  fromEmail: string | null
  fromName: string | null
  replyTo: string | null
  variables: StoredVariable[]
}

/** The published versions of templates, each under its id and its name, with one query however many they are. */
export async function publishedTemplates(
  { db, actor }: Context,
  idsOrNames: readonly string[],
): Promise<Map<string, PublishedTemplate>> {
  if (idsOrNames.length === 0) return new Map()
  const { rows } = await sql<PublishedTemplate & { name: string }>`
    select templates.id, templates.name, type, subject, html, text, from_email as "fromEmail", from_name as "fromName",
      reply_to_email as "replyTo", variables
    from templates join template_versions on template_versions.project_id = templates.project_id
      and template_id = templates.id and number = published_version
    where templates.project_id = ${actor.projectId}
      and (templates.id::text = any(${idsOrNames}) or name = any(${idsOrNames}))
  `.execute(db)
  // An id is looked for before a name, so that nobody can take a template's place by naming another after it.
  return new Map([...rows.map((row) => [row.name, row] as const), ...rows.map((row) => [row.id, row] as const)])
}

/** What stands for the values that a send may leave out. */
export const fallbacksOf = (variables: readonly StoredVariable[]): Record<string, unknown> =>
  Object.fromEntries(variables.flatMap(({ name, fallback }) => (fallback === undefined ? [] : [[name, fallback]])))
