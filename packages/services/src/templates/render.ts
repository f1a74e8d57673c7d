import { BUILT_IN_VARIABLES, variablesOf, warningsOf, type RecipientLinks } from '@posthorn/rendering'
import type { Input, Output } from '@posthorn/contracts'
import type { StoredVariable } from '@posthorn/db/tables/templates'
import { sql } from 'kysely'
import { exampleLinks, recipientLinks } from '../consent/links.ts'
import { getContact } from '../contacts/read.ts'
import type { Context } from '../context.ts'
import { getSender } from '../senders.ts'
import { fallbacksOf } from './published.ts'
import { getTemplate, getVersion, newestOf, type TemplateRow } from './read.ts'
import { refusingMistakes } from './refusals.ts'
import { htmlOf } from './write.ts'

type Asked = Input<'templates', 'render'>

/** What is to be rendered: stored content, or what is given, or some of both. */
interface Source {
  type: TemplateRow['type']
  subject: string
  html: string
  text: string | null
  variables: StoredVariable[]
}

/** The links are those of the contact, or examples where it is for nobody, unless others are given. */
export async function renderTemplate(
  ctx: Context,
  asked: Asked,
  links?: RecipientLinks,
): Promise<Output<'templates', 'render'>> {
  const source = await sourceOf(ctx, asked)
  const compiled = await refusingMistakes(() => ctx.runtime.compileTemplate(source))
  const { language, timeZone } = await getSender(ctx)
  const contact = asked.contact === undefined ? NOBODY : await getContact(ctx, asked.contact)
  const locale = typeof contact.data['locale'] === 'string' ? contact.data['locale'] : language
  const variables = variablesOf({
    contact,
    data: asked.data ?? {},
    links: links ?? linksFor(ctx, asked.contact === undefined ? undefined : contact.id),
    locale,
    fallbacks: fallbacksOf(source.variables),
  })
  const rendered = await refusingMistakes(() => compiled.render(variables, { timeZone, now: new Date() }))
  const known = new Set([
    ...(await knownNames(ctx)),
    ...source.variables.map(({ name }) => name),
    ...Object.keys(asked.data ?? {}),
  ])
  const warnings = warningsOf({
    html: rendered.html,
    variables: compiled.variables,
    known,
    needsUnsubscribeLink: source.type === 'MARKETING' || source.type === 'HEADLESS',
  })
  return { ...rendered, warnings }
}

/** Who may not change contacts does not get the links by which anybody can. */
const linksFor = ({ runtime, actor: { projectId, scopes } }: Context, contactId: string | undefined) =>
  contactId !== undefined && scopes.has('contacts:write')
    ? recipientLinks(runtime, { projectId, contactId })
    : exampleLinks(runtime)

const NOBODY = { id: '', email: '', subscribed: false, data: {} as Record<string, unknown> }

async function sourceOf(ctx: Context, { template: wanted, version, ...asked }: Asked): Promise<Source> {
  const template = wanted === undefined ? undefined : await getTemplate(ctx, wanted)
  const stored = template && (await getVersion(ctx.db, template, version ?? newestOf(template)))
  return {
    type: asked.type ?? template?.type ?? 'TRANSACTIONAL',
    subject: asked.subject ?? stored?.subject ?? '',
    // Safe because the contract demands a template or a body.
    html:
      asked.body === undefined ? (stored?.html as string) : await refusingMistakes(() => htmlOf(asked.body as string)),
    text: asked.text === undefined ? (asked.body === undefined ? (stored?.text ?? null) : null) : asked.text,
    variables: asked.variables ?? stored?.variables ?? [],
  }
}

/** So many of the newest contacts are asked what data contacts have. */
const ASKED_CONTACTS = 1_000

async function knownNames({ db, actor }: Context): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct jsonb_object_keys(data) as name
    from (select data from contacts where project_id = ${actor.projectId} order by id desc limit ${ASKED_CONTACTS}) newest
  `.execute(db)
  return [...BUILT_IN_VARIABLES, ...rows.map(({ name }) => name)]
}
