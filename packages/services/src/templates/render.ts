import { BUILT_IN_VARIABLES, warningsOf, type RecipientLinks } from '@posthorn/rendering'
import { LIMITS, type Input, type Output } from '@posthorn/contracts'
import type { StoredVariable } from '@posthorn/db/tables/templates'
import { exampleLinks, recipientLinks } from '../consent/links.ts'
import { fieldNamesOf } from '../contacts/field-counts.ts'
import { splitData, type Data } from '../contacts/merge.ts'
import { getContact } from '../contacts/read.ts'
import type { Context } from '../context.ts'
import { finished, isMarketing, lacksAddress } from '../emails/footer.ts'
import { unhurried } from '../emails/render-budget.ts'
import { valuesFor } from '../emails/values.ts'
import { fieldRefusal } from '../errors.ts'
import { getSender } from '../senders.ts'
import { getTemplate, getVersion, newestOf, type TemplateRow } from './read.ts'
import { atAuthorsPlace, refusingMistakes, type WrittenSource } from './refusals.ts'
import { htmlOf } from './write.ts'

type Asked = Input<'templates', 'render'>

/** What is to be rendered: stored content, or what is given, or some of both. */
interface Source extends WrittenSource {
  type: TemplateRow['type']
  variables: StoredVariable[]
}

/** The links are those of the contact, or examples where it is for nobody, unless others are given. */
export async function renderTemplate(
  ctx: Context,
  asked: Asked,
  links?: RecipientLinks,
): Promise<Output<'templates', 'render'>> {
  const source = await sourceOf(ctx, asked)
  const pace = unhurried(ctx)
  const compiled = await refusingMistakes(() => pace(() => ctx.runtime.compileTemplate(source)))
  const sender = await getSender(ctx)
  const { timeZone } = sender
  const contact = asked.contact === undefined ? NOBODY : await getContact(ctx, asked.contact)
  const mailLinks = links ?? linksFor(ctx, asked.contact === undefined ? undefined : contact.id)
  const { persistent, all } = splitData(asked.data)
  const { variables, locale, misfits } = valuesFor({
    contact,
    patch: persistent,
    data: all,
    declared: source.variables,
    sender,
    links: mailLinks,
  })
  const misfit = misfits.find(({ isMissing }) => !isMissing)
  if (misfit !== undefined) throw fieldRefusal(`data.${misfit.name}`, misfit.message)
  const now = new Date()
  const plain = await refusingMistakes(() =>
    pace(() =>
      atAuthorsPlace(source, (written) => ctx.runtime.compileTemplate(written).render(variables, { timeZone, now })),
    ),
  )
  const { type } = source
  const rendered = finished(plain, { type, sender, links: mailLinks, language: locale })
  const known = new Set([
    ...(await knownNames(ctx)),
    ...source.variables.map(({ name }) => name),
    ...Object.keys(asked.data ?? {}),
  ])
  const warnings = warningsOf({
    html: rendered.html,
    body: source.body,
    variables: compiled.needed(),
    known,
    waysOut: isMarketing(type) ? [mailLinks.unsubscribeUrl, mailLinks.manageUrl] : undefined,
  })
  const missing = misfits.map(({ name }) => ({
    code: 'missing-value' as const,
    message: `“${name}” has no value; a send without one is refused.`,
  }))
  const problem = lacksAddress(plain, { type, sender })
  return {
    ...rendered,
    warnings: [
      ...warnings,
      ...missing,
      ...(problem === undefined ? [] : [{ code: 'no-postal-address' as const, message: problem }]),
    ],
  }
}

/** Who may not change contacts does not get the links by which anybody can. */
const linksFor = ({ runtime, actor: { projectId, scopes } }: Context, contactId: string | undefined) =>
  contactId !== undefined && scopes.has('contacts:write')
    ? recipientLinks(runtime, { projectId, contactId })
    : exampleLinks(runtime)

const NOBODY = { id: '', email: '', subscribed: false, data: {} as Data }

async function sourceOf(ctx: Context, { template: wanted, version, ...asked }: Asked): Promise<Source> {
  const template = wanted === undefined ? undefined : await getTemplate(ctx, wanted)
  const stored = template && (await getVersion(ctx.db, template, version ?? newestOf(template)))
  return {
    type: asked.type ?? template?.type ?? 'TRANSACTIONAL',
    subject: asked.subject ?? stored?.subject ?? '',
    // Safe because the contract demands a template or a body.
    body: (asked.body ?? stored?.body) as string,
    html: asked.body === undefined ? (stored?.html as string) : await htmlOf(ctx, asked.body), // Safe for the same reason.
    text: asked.text === undefined ? (asked.body === undefined ? (stored?.text ?? null) : null) : asked.text,
    variables: asked.variables ?? stored?.variables ?? [],
  }
}

const knownNames = async ({ db, actor }: Context): Promise<string[]> => [
  ...BUILT_IN_VARIABLES,
  ...(await fieldNamesOf(db, actor.projectId, LIMITS.fieldsPerAnswer)),
]
