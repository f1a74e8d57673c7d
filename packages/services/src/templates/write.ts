import type { Input } from '@posthorn/contracts'
import type { Tables } from '@posthorn/db'
import { compileMjml, compileTemplate, isMjml, variablesOf } from '@posthorn/rendering'
import { sql, type Insertable } from 'kysely'
import { storedActor } from '../audit.ts'
import type { Context } from '../context.ts'
import { unhurried } from '../emails/render-budget.ts'
import { ApiError, breaksConstraint } from '../errors.ts'
import { getSender, requireSender } from '../senders.ts'
import type { TemplateRow, VersionRow } from './read.ts'
import { atAuthorsPlace, refusingMistakes, type WrittenSource } from './refusals.ts'

type Asked = Partial<Omit<Input<'templates', 'create'>, 'name' | 'description' | 'type' | 'publish'>>
type Content = Omit<
  Insertable<Tables['template_versions']>,
  'project_id' | 'template_id' | 'number' | 'created_by' | 'published_at'
>

/**
 * The HTML that the body of a template stands for. MJML waits for its turn and takes its time, so this is done before a
 * transaction begins, which would keep a connection from everybody else meanwhile.
 */
export async function htmlOf({ db, actor, ended }: Context, body: string): Promise<string> {
  if (!isMjml(body)) return body
  if (db.isTransaction) throw new Error('HTML is made of MJML before the transaction')
  return refusingMistakes(() => compileMjml(body, { of: actor.projectId, signal: ended?.() }))
}

/** What is asked for, and what was made of it before. */
interface Made {
  asked: Asked
  /** Of the body that is asked for. */
  html: string | undefined
}

/** The content of a new version: what is asked for, and the rest as it was. Mistakes are refused here and not when it is sent. */
export async function contentOf(ctx: Context, { asked, html: made }: Made, before?: VersionRow): Promise<Content> {
  if (asked.from !== undefined && asked.from !== null) {
    requireSender(ctx, await getSender(ctx), { from: { email: asked.from } })
  }
  // Safe because the contract demands both of a new template.
  const subject = (asked.subject ?? before?.subject) as string
  const body = (asked.body ?? before?.body) as string
  const text = asked.text === undefined ? (before?.text ?? null) : asked.text
  const html = (made ?? before?.html) as string
  const pace = unhurried(ctx)
  await refusingMistakes(() => pace(() => tried({ subject, body, html, text })))
  return {
    subject,
    body,
    html,
    design: designOf(asked, before),
    text: text === null || /\S/.test(text) ? text : null,
    from_email: asked.from === undefined ? (before?.from_email ?? null) : asked.from,
    from_name: asked.fromName === undefined ? (before?.from_name ?? null) : asked.fromName,
    reply_to_email: asked.replyTo === undefined ? (before?.reply_to_email ?? null) : asked.replyTo,
    variables: JSON.stringify(asked.variables ?? before?.variables ?? []),
  }
}

/** Reads a template, and fills it for nobody, since some mistakes are only found then. */
function tried(written: WrittenSource): void {
  const variables = variablesOf({ contact: { id: '', email: '', subscribed: false, data: {} } })
  const trial = { timeZone: 'UTC', now: new Date(), isTrial: true }
  atAuthorsPlace(written, (source) => compileTemplate(source).render(variables, trial))
}

/** A body that comes without a design was written by hand, and what it was made of before says nothing of it any more. */
function designOf({ body, design }: Asked, before: VersionRow | undefined): string | null {
  const kept = body === undefined && design === undefined ? (before?.design ?? null) : (design ?? null)
  return kept === null ? null : JSON.stringify(kept)
}

/** Stores content as the draft, in the place of the draft before it. */
export async function storeDraft(ctx: Context, template: TemplateRow, content: Content): Promise<number> {
  const { db, actor } = ctx
  const own = { project_id: actor.projectId, template_id: template.id }
  const by = JSON.stringify(storedActor(actor))
  if (template.draft_version !== null) {
    await db
      .updateTable('template_versions')
      .set({ ...content, created_by: by, created_at: sql<Date>`now()` })
      .where('project_id', '=', actor.projectId)
      .where('template_id', '=', template.id)
      .where('number', '=', template.draft_version)
      .execute()
    return template.draft_version
  }
  const { number } = await db
    .insertInto('template_versions')
    .values({
      ...own,
      ...content,
      created_by: by,
      number: sql<number>`1 + coalesce((select max(number) from template_versions
        where project_id = ${actor.projectId} and template_id = ${template.id}), 0)`,
    })
    .returning('number')
    .executeTakeFirstOrThrow()
  await setVersions(ctx, template.id, { draft_version: number })
  return number
}

/** Makes a version the one that is sent. The draft stays, unless it is the one. */
export async function publishVersion(ctx: Context, template: TemplateRow, number: number): Promise<void> {
  const { db, actor } = ctx
  await db
    .updateTable('template_versions')
    .set({ published_at: sql<Date>`coalesce(published_at, now())` })
    .where('project_id', '=', actor.projectId)
    .where('template_id', '=', template.id)
    .where('number', '=', number)
    .execute()
  await setVersions(ctx, template.id, {
    published_version: number,
    ...(template.draft_version === number && { draft_version: null }),
  })
}

/** Changes the row of a template. A name that another has is refused. */
export async function setVersions(
  { db, actor }: Context,
  id: string,
  columns: Partial<Pick<TemplateRow, 'name' | 'description' | 'type' | 'published_version' | 'draft_version'>>,
): Promise<void> {
  await refusingTakenName(() =>
    db
      .updateTable('templates')
      .set({ ...columns, updated_at: sql<Date>`now()` })
      .where('project_id', '=', actor.projectId)
      .where('id', '=', id)
      .execute(),
  )
}

/** Names are of one template each, however fast two people are. */
export async function refusingTakenName<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!breaksConstraint(error, 'template_name_once')) throw error
    throw new ApiError('TEMPLATE_NAME_TAKEN', 'Another template of the project has this name.', {
      errors: [{ field: 'name', message: 'Another template has this name.', code: 'taken' }],
      cause: error,
    })
  }
}
