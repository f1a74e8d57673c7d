import type { Mailbox } from '@posthorn/contracts'
import { isTemplate, type CompiledTemplate } from '@posthorn/rendering'
import { knownContacts, type KnownContact } from '../contacts/known.ts'
import { mergeContacts, type MergedContact } from '../contacts/merge.ts'
import { marketingHeaders } from '../consent/headers.ts'
import { recipientLinks } from '../consent/links.ts'
import { inTransaction, type Context } from '../context.ts'
import { ApiError, fieldRefusal } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Sender } from '../senders.ts'
import type { PublishedTemplate } from '../templates/published.ts'
import { refusingMistakes } from '../templates/refusals.ts'
import { readersOf, type Readers } from '../topics/readers.ts'
import { wishOf, type Mail } from './accept.ts'
import { requireSendable } from './filled.ts'
import { finished, isMarketing, requireAddress } from './footer.ts'
import { renderBudget, unhurried, type Paced } from './render-budget.ts'
import { valuesFor } from './values.ts'

/** A mail, and the template that it was made of, if any. */
export interface Draft {
  mail: Mail
  template: PublishedTemplate | undefined
}

/** Names that tell recipients apart who are new: their contacts must exist before such a mail is filled. */
const OF_THE_CONTACT = /^(?:id|plunk_id|contact|contact\.id|unsubscribeUrl|subscribeUrl|manageUrl)$/

const isBulk = ({ template }: Draft) => template !== undefined && isMarketing(template.type)

/** Bulk mail always: it has a way out of its own for each recipient. */
const isToBeFilled = (draft: Draft) =>
  isBulk(draft) ||
  [draft.mail.subject, draft.mail.html, draft.mail.text].some((part) => part !== null && isTemplate(part))

/**
 * Fills the placeholders of mails, each once: what is stored is what is sent. A mail with placeholders becomes one for
 * each of its recipients. Answers draft for draft; a mail that cannot be filled is a refusal in its place. A few queries
 * at most, however many drafts there are.
 */
export async function fillMails(
  ctx: Context,
  sender: Sender,
  drafts: readonly (Draft | ApiError)[],
): Promise<(Mail[] | ApiError)[]> {
  const filling = drafts.flatMap((draft) => (draft instanceof ApiError || !isToBeFilled(draft) ? [] : [draft]))
  if (filling.length === 0) return drafts.map((draft) => (draft instanceof ApiError ? draft : [draft.mail]))
  const addresses = filling.flatMap(({ mail }) => mail.recipients.map(({ email }) => email))
  const known = await knownContacts(ctx.db, sender.projectId, [...new Set(addresses)])
  const reached = await readersOf(ctx.db, sender.projectId, { mails: filling.map(({ mail }) => mail), known })
  const budget = renderBudget(ctx, addresses.length)
  const filled: (Filled | Mail[] | ApiError)[] = []
  for (const draft of drafts) {
    if (draft instanceof ApiError) filled.push(draft)
    else if (isToBeFilled(draft)) filled.push(await fill(ctx, sender, { draft, known, reached, budget }))
    else filled.push([draft.mail])
  }
  // What cannot be filled changes nothing, so contacts are only made of what can be.
  const made = await madeContacts(
    ctx,
    sender,
    filled.filter(isFilled).filter(({ needsIds }) => needsIds),
  )
  const ids = new Map([...made].map(([email, { id }]) => [email, id]))
  // It takes as long as it took before, and the contacts are made.
  const pace = unhurried(ctx)
  const written: (Mail[] | ApiError)[] = []
  for (const one of filled) {
    if (!isFilled(one)) written.push(one)
    else if (!one.needsIds) written.push(one.mails)
    else {
      const out = isBulk(one.draft) ? one.draft.mail.recipients.filter(({ email }) => isOut(made.get(email))) : []
      written.push(out.length > 0 ? unsubscribed(out) : await refusingMistakes(() => one.writeAgain(ids, pace)))
    }
  }
  return written
}

/** A draft that was filled; where it names contacts that are new, with ids that stand for theirs. */
interface Filled {
  draft: Draft
  mails: Mail[]
  needsIds: boolean
  writeAgain(ids: ReadonlyMap<string, string>, pace: Paced): Promise<Mail[]>
}

const isFilled = (one: Filled | Mail[] | ApiError): one is Filled => 'writeAgain' in one

async function fill(
  ctx: Context,
  sender: Sender,
  {
    draft,
    known,
    reached,
    budget,
  }: { draft: Draft; known: Map<string, KnownContact>; reached: Readers; budget: Paced },
): Promise<Filled | ApiError> {
  try {
    const { mail } = draft
    requireSubscribed(draft, known)
    requireReaders(draft, reached)
    const compiled = await refusingMistakes(() => budget(() => ctx.runtime.compileTemplate(mail)))
    const writeAgain = async (ids: ReadonlyMap<string, string>, pace: Paced) => {
      const mails: Mail[] = []
      for (const to of mail.recipients) {
        const { email } = to
        const contact = known.get(email) ?? {
          id: ids.get(email) ?? newId(),
          email,
          subscribed: false,
          isOptedOut: false,
          data: {},
        }
        mails.push(await pace(() => fillOne(ctx, draft, { sender, compiled, to, contact })))
      }
      return mails
    }
    const mails = await refusingMistakes(() => writeAgain(new Map(), budget))
    const hasNew = mail.recipients.some(({ email }) => !known.has(email))
    const needsIds = hasNew && (isBulk(draft) || compiled.variables.some((path) => OF_THE_CONTACT.test(path)))
    return { draft, mails, needsIds, writeAgain }
  } catch (error) {
    // Who has waited too long would do so again for each of the others.
    if (error instanceof ApiError && error.code !== 'SERVER_BUSY') return error
    throw error
  }
}

/** Makes the contacts of all recipients of these drafts, and answers them by address. */
async function madeContacts(
  ctx: Context,
  { projectId }: Sender,
  filled: Filled[],
): Promise<Map<string, MergedContact>> {
  const wishes = filled.flatMap(({ draft: { mail } }) =>
    mail.recipients.map((to) => wishOf({ ...mail, projectId }, to)),
  )
  const made = wishes.length === 0 ? [] : await inTransaction(ctx, ({ db }) => mergeContacts(db, wishes))
  return new Map(made.map((contact) => [contact.email, contact]))
}

interface Filling {
  sender: Sender
  compiled: CompiledTemplate
  to: Mailbox
  contact: KnownContact
}

function fillOne({ runtime }: Context, draft: Draft, { sender, compiled, to, contact }: Filling): Mail {
  const { mail, template } = draft
  const wish = wishOf({ ...mail, projectId: sender.projectId }, to)
  const links = recipientLinks(runtime, { projectId: sender.projectId, contactId: contact.id }, mail.topic)
  const { variables, locale, misfits } = valuesFor({
    contact,
    patch: wish.patch,
    data: mail.data,
    declared: template?.variables ?? [],
    sender,
    links,
  })
  const [misfit] = misfits
  if (misfit !== undefined) throw fieldRefusal(`data.${misfit.name}`, misfit.message)
  const now = mail.scheduledAt ?? new Date()
  const headers = isBulk(draft) ? marketingHeaders(mail.headers, links) : mail.headers
  const rendered = compiled.render(variables, { timeZone: sender.timeZone, now })
  requireSendable(rendered, to.email)
  if (template === undefined) return { ...mail, recipients: [to], headers, ...rendered }
  requireAddress(rendered, { type: template.type, sender })
  const { type } = template
  return { ...mail, recipients: [to], headers, ...finished(rendered, { type, sender, links, language: locale }) }
}

/** Marketing goes to nobody who has not asked for it, and a word of the caller brings nobody back who opted out. */
function requireSubscribed({ mail, template }: Draft, known: Map<string, KnownContact>): void {
  if (!isBulk({ mail, template })) return
  const out = mail.recipients.filter(({ email }) => {
    const contact = known.get(email)
    return mail.subscribed === true ? contact?.isOptedOut === true : mail.subscribed === false || !contact?.subscribed
  })
  if (out.length > 0) throw unsubscribed(out)
}

/** An address whose owner was erased becomes a contact again that refuses. */
const isOut = (contact: MergedContact | undefined) => contact?.subscribed !== true

function unsubscribed(out: readonly Mailbox[], what = 'is not subscribed'): ApiError {
  return new ApiError('CONTACT_UNSUBSCRIBED', 'A marketing template goes to subscribed contacts alone.', {
    errors: out.map(({ email }) => ({ field: 'to', message: `${email} ${what}.`, code: 'unsubscribed' })),
  })
}

function requireReaders({ mail }: Draft, reached: Readers): void {
  const { topic } = mail
  if (topic === undefined) return
  const out = mail.recipients.filter(({ email }) => !reached(topic, email))
  if (out.length > 0) throw unsubscribed(out, `does not get the topic \`${topic}\``)
}
