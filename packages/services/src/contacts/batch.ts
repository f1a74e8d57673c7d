import { LIMITS, operations, type Input, type Output } from '@posthorn/contracts'
import { sql } from 'kysely'
import { auditPerson } from '../audit.ts'
import { announce } from '../changes.ts'
import { originOf } from '../consent/proof.ts'
import { consentWish } from '../consent/wish.ts'
import { stateOf } from '../consent/state.ts'
import { inTransaction, type Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { getSender, type Sender } from '../senders.ts'
import { chooseTopics, told, type Choices } from '../topics/choices.ts'
import { topicsOf } from '../topics/read.ts'
import { parseInput } from '../validation.ts'
import { mergeContacts, splitData, type ContactWish, type Data } from './merge.ts'
import { lockAddresses } from './remove.ts'

type Result = Output<'contacts', 'upsertMany'>['results'][number]
type Refused = Extract<Result, { status: 'refused' }>

const refuse = (field: string, message: string): Refused => ({
  status: 'refused',
  error: { code: 'VALIDATION_ERROR', field, message },
})

/** Creates or changes contacts as so many upserts one after the other would, in one transaction. */
export const upsertMany = (ctx: Context, { contacts }: Input<'contacts', 'upsertMany'>) =>
  inTransaction(ctx, async (ctx) => {
    const { projectId } = ctx.actor
    const sender = await getSender(ctx)
    const topics = contacts.some(choosesTopics) ? await topicsOf(ctx.db, projectId) : []
    const known = new Set(topics.map(({ id }) => id))
    const asked = contacts.map((contact) => wishOf(ctx, sender, { contact, topics: known }))
    const full = await overfull(ctx, asked.filter(isWish))
    const checked = asked.map((wish) =>
      isWish(wish) && full.has(wish.email)
        ? refuse('data', `A contact holds at most ${LIMITS.contactDataBytes} bytes of data.`)
        : wish,
    )
    const results = await save(ctx, sender, checked)
    const count = (status: Result['status']) => results.filter((result) => result.status === status).length
    const counts = { created: count('created'), updated: count('updated') }
    const first = results.find((result) => result.status !== 'refused')
    if (first !== undefined) {
      await announce(ctx.db, projectId, 'contacts')
      await auditPerson(ctx, { action: 'contact.batch-saved', target: first.id, detail: counts })
    }
    return { results, ...counts, refused: count('refused') }
  })

interface Entry extends ContactWish {
  topics: Choices
}

const choosesTopics = (contact: unknown) => typeof contact === 'object' && contact !== null && 'topics' in contact

const isWish = (checked: Entry | Refused): checked is Entry => 'email' in checked

/** What an entry asks for, or why it may not, by the rules of a single upsert. */
function wishOf(
  ctx: Context,
  sender: Sender,
  entry: { contact: unknown; topics: ReadonlySet<string> },
): Entry | Refused {
  try {
    // Safe because this is the schema that it is checked against.
    const parsed = parseInput(operations.contacts.upsert, entry.contact) as Input<'contacts', 'upsert'>
    const { email, data, topics = {}, ...given } = parsed
    const unknown = Object.keys(topics).find((topic) => !entry.topics.has(topic))
    if (unknown !== undefined) return refuse(`topics.${unknown}`, 'The project has no such topic.')
    const { projectId } = ctx.actor
    const patch = splitData(data).persistent
    return { projectId, email, patch, topics, ...consentWish(ctx, sender, given) }
  } catch (error) {
    const fault = error instanceof ApiError ? error.errors?.[0] : undefined
    if (fault === undefined) throw error
    return refuse(fault.field, fault.message)
  }
}

/** The addresses whose contacts would come to hold more than they may, which would fail all the others with them. */
async function overfull({ db, actor }: Context, wishes: readonly ContactWish[]): Promise<Set<string>> {
  const patches = new Map<string, Data>()
  for (const { email, patch } of wishes) patches.set(email, { ...patches.get(email), ...patch })
  const rows = [...patches].map(([email, patch]) => ({ email, patch }))
  const { rows: found } = await sql<{ email: string }>`
    with wish as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as row (email text, patch jsonb)
    ), sized as (
      select wish.email, wish.patch, coalesce(contacts.data, '{}') as data
      from wish left join contacts on contacts.project_id = ${actor.projectId} and contacts.email = wish.email
    )
    select email from sized where case
      when octet_length(data::text) + octet_length(patch::text) <= ${LIMITS.contactDataBytes} then false
      else octet_length(merge_data(data, patch)::text) > ${LIMITS.contactDataBytes} end
  `.execute(db)
  return new Set(found.map(({ email }) => email))
}

/** What comes after the merge takes contacts that it only read, which would be out of the order in which all take them. */
async function holdKnown({ db, actor }: Context, wishes: readonly Entry[]): Promise<void> {
  const isMergedAlone = wishes.every(
    ({ topics, subscribed, request }) =>
      subscribed === undefined && request === undefined && Object.keys(topics).length === 0,
  )
  if (isMergedAlone) return
  await lockAddresses(db, { projectId: actor.projectId, emails: wishes.map(({ email }) => email) })
}

async function save(ctx: Context, sender: Sender, checked: readonly (Entry | Refused)[]): Promise<Result[]> {
  const wishes = checked.filter(isWish)
  await holdKnown(ctx, wishes)
  const contacts = await mergeContacts(ctx.db, wishes)
  const choosing = { asking: { runtime: ctx.runtime, sender }, origin: originOf(ctx) }
  const choices = wishes.map(({ topics, consent }, index) => ({
    contactId: contacts[index]?.id as string, // Safe because merging answers wish for wish.
    choices: topics,
    consent,
  }))
  const states = (await chooseTopics(ctx.db, choosing, choices)).values()
  const merged = contacts.values()
  const seen = new Set<string>()
  return checked.map((wish): Result => {
    if (!isWish(wish)) return wish
    const contact = merged.next().value
    if (contact === undefined) throw new Error('mergeContacts answers wish for wish')
    const { id, email, isNew } = contact
    // The second entry for an address finds the contact that the first one made.
    const status = isNew && !seen.has(id) ? 'created' : 'updated'
    seen.add(id)
    return { status, id, email, consent: stateOf(contact), topics: told(states.next().value) }
  })
}
