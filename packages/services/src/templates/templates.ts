import { sql } from 'kysely'
import { auditPerson } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction, type Context } from '../context.ts'
import type { Handlers } from '../handlers.ts'
import { newId } from '../ids.ts'
import { ApiError } from '../errors.ts'
import { inOwnTransaction } from '../idempotency.ts'
import {
  getTemplate,
  getVersion,
  lockTemplate,
  lockTemplates,
  newestOf,
  present,
  requireRevision,
  type TemplateRow,
} from './read.ts'
import { renderTemplate } from './render.ts'
import { sendTest } from './test-mail.ts'
import { usageOf } from './usage.ts'
import { listTemplates } from './list.ts'
import { listVersions } from './versions.ts'
import { contentOf, htmlOf, publishVersion, refusingTakenName, setVersions, storeDraft } from './write.ts'

export const templates: Handlers<'templates'> = {
  list: listTemplates,

  async create(ctx, { name, description = null, type, publish = true, ...asked }) {
    const html = await htmlOf(ctx, asked.body)
    return inOwnTransaction(ctx, async (ctx) => {
      const content = await contentOf(ctx, { asked, html })
      const template = await insertTemplate(ctx, { name: name.trim(), description, type })
      const number = await storeDraft(ctx, template, content)
      if (publish) await publishVersion(ctx, { ...template, draft_version: number }, number)
      await tell(ctx, 'template.created', template.id, { name: template.name })
      return getWhole(ctx, template.id)
    })
  },

  get: (ctx, { id, version }) => getWhole(ctx, id, version),

  async update(ctx, { id, ifRevision, name, description, type, publish = true, ...asked }) {
    await getTemplate(ctx, id)
    const html = asked.body === undefined ? undefined : await htmlOf(ctx, asked.body)
    return inOwnTransaction(ctx, async (ctx) => {
      const template = await lockTemplate(ctx, id)
      const before = await getVersion(ctx.db, template, newestOf(template))
      requireRevision(before, ifRevision)
      await setVersions(ctx, id, {
        ...(name !== undefined && { name: name.trim() }),
        ...(description !== undefined && { description }),
        ...(type !== undefined && { type }),
      })
      if (Object.values(asked).some((value) => value !== undefined)) {
        const content = await contentOf(ctx, { asked, html }, before)
        const number = await storeDraft(ctx, template, content)
        if (publish) await publishVersion(ctx, { ...template, draft_version: number }, number)
      }
      await tell(ctx, 'template.changed', id, { publish })
      return getWhole(ctx, id)
    })
  },

  delete: (ctx, { id }) =>
    inTransaction(ctx, async (ctx) => {
      await deleteAll(ctx, [await lockTemplate(ctx, id)])
      return {}
    }),

  bulkUpdate: (ctx, { ids }) =>
    inTransaction(ctx, async (ctx) => {
      const templates = await lockTemplates(ctx, ids)
      await deleteAll(ctx, templates)
      return { deleted: templates.length }
    }),

  duplicate: (ctx, { id, name }) =>
    inTransaction(ctx, async (ctx) => {
      // Others who copy it wait, so that each sees the names of those before.
      const original = await lockTemplate(ctx, id)
      const { subject, body, html, text, from_email, from_name, reply_to_email, variables, design } = await getVersion(
        ctx.db,
        original,
        newestOf(original),
      )
      const copy = await insertTemplate(ctx, {
        name: name?.trim() ?? (await freeName(ctx, `${original.name} (Copy)`)),
        description: original.description,
        type: original.type,
      })
      const content = { subject, body, html, text, from_email, from_name, reply_to_email }
      const number = await storeDraft(ctx, copy, {
        ...content,
        variables: JSON.stringify(variables),
        design: design === null ? null : JSON.stringify(design),
      })
      // What is copied was ready to be sent, unless it is a draft.
      if (original.draft_version === null) await publishVersion(ctx, { ...copy, draft_version: number }, number)
      await tell(ctx, 'template.created', copy.id, { name: copy.name, copyOf: id })
      return getWhole(ctx, copy.id)
    }),

  publish: (ctx, { id, version, ifRevision }) =>
    inTransaction(ctx, async (ctx) => {
      const template = await lockTemplate(ctx, id)
      const number = version ?? template.draft_version
      if (number === null) throw new ApiError('NO_SUCH_VERSION', 'The template has no draft to publish.')
      requireRevision(await getVersion(ctx.db, template, number), ifRevision)
      await publishVersion(ctx, template, number)
      await tell(ctx, 'template.published', id, { version: number, before: template.published_version })
      return getWhole(ctx, id, number)
    }),

  versions: listVersions,
  usage: usageOf,
  render: renderTemplate,
  sendTest,
}

async function getWhole(ctx: Context, id: string, number?: number) {
  const template = await getTemplate(ctx, id)
  return present(template, await getVersion(ctx.db, template, number ?? newestOf(template)))
}

async function deleteAll(ctx: Context, templates: readonly TemplateRow[]): Promise<void> {
  const ids = templates.map(({ id }) => id)
  await ctx.db.deleteFrom('templates').where('project_id', '=', ctx.actor.projectId).where('id', 'in', ids).execute()
  await auditPerson(
    ctx,
    ...templates.map(({ id, name }) => ({ action: 'template.deleted', target: id, detail: { name } })),
  )
  await announce(ctx.db, ctx.actor.projectId, 'templates')
}

async function insertTemplate({ db, actor }: Context, row: Pick<TemplateRow, 'name' | 'description' | 'type'>) {
  return refusingTakenName(() =>
    db
      .insertInto('templates')
      .values({ project_id: actor.projectId, id: newId(), ...row })
      .returningAll()
      .executeTakeFirstOrThrow(),
  )
}

/** The name itself, or with the first number that no other template has. */
async function freeName({ db, actor }: Context, name: string): Promise<string> {
  const taken = await db
    .selectFrom('templates')
    .select('name')
    .where('project_id', '=', actor.projectId)
    .where(sql<boolean>`starts_with(name, ${name})`)
    .execute()
  const names = new Set(taken.map((row) => row.name))
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name} ${number}`
    if (!names.has(free)) return free
  }
}

async function tell(ctx: Context, action: string, target: string, detail: Record<string, unknown>): Promise<void> {
  await auditPerson(ctx, { action, target, detail })
  await announce(ctx.db, ctx.actor.projectId, 'templates')
}
