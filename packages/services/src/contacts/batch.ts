import { LIMITS, operations, type Input, type Output } from '@posthorn/contracts'
import { sql } from 'kysely'
import { auditPerson } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction, type Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { parseInput } from '../validation.ts'
import { mergeContacts, splitData, type ContactWish, type Data } from './merge.ts'

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
    const asked = contacts.map((contact) => wishOf(projectId, contact))
    const full = await overfull(ctx, asked.filter(isWish))
    const checked = asked.map((wish) =>
      isWish(wish) && full.has(wish.email)
        ? refuse('data', `A contact holds at most ${LIMITS.contactDataBytes} bytes of data.`)
        : wish,
    )
    const results = await save(ctx, checked)
    const count = (status: Result['status']) => results.filter((result) => result.status === status).length
    const counts = { created: count('created'), updated: count('updated') }
    const first = results.find((result) => result.status !== 'refused')
    if (first !== undefined) {
      await announce(ctx.db, projectId, 'contacts')
      await auditPerson(ctx, { action: 'contact.batch-saved', target: first.id, detail: counts })
    }
    return { results, ...counts, refused: count('refused') }
  })

const isWish = (checked: ContactWish | Refused): checked is ContactWish => 'email' in checked

/** What an entry asks for, or why it may not, by the rules of a single upsert. */
function wishOf(projectId: string, entry: Input<'contacts', 'upsertMany'>['contacts'][number]): ContactWish | Refused {
  try {
    // Safe because this is the schema that it is checked against.
    const { email, subscribed, data } = parseInput(operations.contacts.upsert, entry) as Input<'contacts', 'upsert'>
    return { projectId, email, patch: splitData(data).persistent, subscribed, subscribedWhenNew: true }
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

async function save({ db }: Context, checked: readonly (ContactWish | Refused)[]): Promise<Result[]> {
  const merged = (await mergeContacts(db, checked.filter(isWish))).values()
  const seen = new Set<string>()
  return checked.map((wish): Result => {
    if (!isWish(wish)) return wish
    const contact = merged.next().value
    if (contact === undefined) throw new Error('mergeContacts answers wish for wish')
    const { id, email, isNew } = contact
    // The second entry for an address finds the contact that the first one made.
    const status = isNew && !seen.has(id) ? 'created' : 'updated'
    seen.add(id)
    return { status, id, email }
  })
}
