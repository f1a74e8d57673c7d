import { createHash } from 'node:crypto'
import type { Output } from '@posthorn/contracts'
import { ID_FORM } from '@posthorn/contracts/template-names'
import type { Db, Tables } from '@posthorn/db'
import type { Selectable } from 'kysely'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { changedMeanwhile, templateNotFound } from './refusals.ts'

export type TemplateRow = Selectable<Tables['templates']>
export type VersionRow = Selectable<Tables['template_versions']>
type Template = Output<'templates', 'get'>

/** A template of the project by its id or its name, or a refusal. */
export async function getTemplate({ db, actor }: Context, idOrName: string): Promise<TemplateRow> {
  const row = await db
    .selectFrom('templates')
    .selectAll()
    .where('project_id', '=', actor.projectId)
    .where(ID_FORM.test(idOrName) ? 'id' : 'name', '=', ID_FORM.test(idOrName) ? idOrName : idOrName.trim())
    .executeTakeFirst()
  if (row === undefined) throw templateNotFound()
  return row
}

/** The template, kept from others who would change it until the transaction ends. */
export async function lockTemplate({ db, actor }: Context, id: string): Promise<TemplateRow> {
  const row = await db
    .selectFrom('templates')
    .selectAll()
    .where('project_id', '=', actor.projectId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) throw templateNotFound()
  return row
}

/** All of these, in an order that is the same for everybody who takes several, or a refusal that says which is not there. */
export async function lockTemplates({ db, actor }: Context, ids: readonly string[]): Promise<TemplateRow[]> {
  const rows = await db
    .selectFrom('templates')
    .selectAll()
    .where('project_id', '=', actor.projectId)
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute()
  const found = new Set(rows.map(({ id }) => id))
  const missing = ids.findIndex((id) => !found.has(id.toLowerCase()))
  if (missing < 0) return rows
  throw new ApiError(
    'TEMPLATE_NOT_FOUND',
    `The project has no such template as \`ids.${missing}\`, so nothing was done.`,
  )
}

/** One version of a template, or a refusal. */
export async function getVersion(db: Db, { project_id, id }: TemplateRow, number: number): Promise<VersionRow> {
  const row = await db
    .selectFrom('template_versions')
    .selectAll()
    .where('project_id', '=', project_id)
    .where('template_id', '=', id)
    .where('number', '=', number)
    .executeTakeFirst()
  if (row !== undefined) return row
  throw new ApiError('NO_SUCH_VERSION', `The template has no version ${number}.`)
}

/** The number of the version that its author works on: the draft where there is one, else what is published. */
export function newestOf({ draft_version, published_version }: TemplateRow): number {
  // Safe because a template is made with one or the other, and keeps one of them.
  return (draft_version ?? published_version) as number
}

/** Another one for other content, also of a draft that was written over. */
const revisionOf = (version: VersionRow): string => {
  const { subject, body, design, text, from_email, from_name, reply_to_email, variables } = version
  const content = [subject, body, design, text, from_email, from_name, reply_to_email, variables]
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url')
}

/** Refuses what was made on other content, where it is said on which. */
export function requireRevision(version: VersionRow, wanted: string | undefined): void {
  if (wanted !== undefined && wanted !== revisionOf(version)) throw changedMeanwhile()
}

export const summaryOf = (template: TemplateRow, subject: string) => ({
  id: template.id,
  name: template.name,
  description: template.description,
  type: template.type,
  subject,
  publishedVersion: template.published_version,
  draftVersion: template.draft_version,
  createdAt: template.created_at,
  updatedAt: template.updated_at,
})

export const present = (template: TemplateRow, version: VersionRow): Template => ({
  ...summaryOf(template, version.subject),
  version: version.number,
  revision: revisionOf(version),
  body: version.body,
  design: version.design as Template['design'], // Safe because only JSON was ever stored there.
  text: version.text,
  from: version.from_email,
  fromName: version.from_name,
  replyTo: version.reply_to_email,
  variables: version.variables as Template['variables'], // Safe because only declared variables are ever stored there.
})
