import type { Db, Tables } from '@posthorn/db'
import { sql, type Selectable } from 'kysely'
import { agreedAt, staysOut } from '../consent/agreed.ts'
import { keepDecision, type Consent, type Origin } from '../consent/proof.ts'
import { dropQuestion } from '../consent/questions.ts'
import { forgetRefusal, isRefused } from '../consent/refused.ts'
import { ApiError, breaksConstraint } from '../errors.ts'
import { splitData, type Data } from './merge.ts'

interface Change {
  projectId: string
  id: string
  email?: string | undefined
  subscribed?: boolean | undefined
  /** With another address, it is subscribed no more: the person has not confirmed that one. */
  confirmsAddress?: boolean
  /** How the person agreed; without it, nobody but they themselves is brought back. */
  consent?: Consent | undefined
  /** Who says whether the contact is subscribed, for the proof. */
  origin: Origin
  /** Merged key by key; null: all of it goes. */
  data?: Data | null | undefined
}

/** A contact that was changed, as it is now. */
type Changed = Selectable<Tables['contacts']> & {
  /** Whether it came or ceased to be subscribed, or to refuse. */
  is_decided: boolean
}

/** The ways by which people speak for themselves. */
const OWN_WORD: ReadonlySet<Origin['how']> = new Set(['page', 'one-click', 'confirmation'])

/**
 * Changes a contact, and keeps what was decided; undefined where it is as wished already. With an address that was
 * refused before, the contact refuses, unless a consent comes along.
 */
export async function changeContact(db: Db, change: Change): Promise<Changed | undefined> {
  const { projectId, id, email, subscribed, consent, origin } = change
  const isClaimed = subscribed === true && !OWN_WORD.has(origin.how)
  const before = await hold(db, change)
  if (isClaimed && before?.stays_out && before.opted_out_at) {
    throw optedOut(`The contact opted out on ${before.opted_out_at.toISOString()}.`)
  }
  if (subscribed === true && consent !== undefined && email !== undefined) {
    await forgetRefusal(db, { projectId, email, agreed: agreedAt(consent) })
  }
  const changed = await write(db, change)
  if (subscribed === false) await dropQuestion(db, { projectId, contactId: id })
  if (isClaimed && changed?.opted_out_at) throw optedOut(`Mail to ${changed.email} was refused before.`)
  const isDecided = changed?.is_decided ?? false
  if (isDecided || (subscribed === true && consent !== undefined)) {
    const isIn = changed?.subscribed ?? true
    const proof = isIn ? consent : undefined
    await keepDecision(db, { projectId, contactId: id, topic: null, subscribed: isIn, origin, consent: proof })
  }
  return changed
}

async function write(db: Db, { projectId, id, email, subscribed, confirmsAddress = false, data }: Change) {
  const moves = email === undefined ? sql<boolean>`false` : sql<boolean>`email <> ${email}`
  const meetsRefusal =
    email === undefined
      ? moves
      : sql<boolean>`(${moves} and ${isRefused(sql.ref('contacts.project_id'), sql`${email}::text`, agreedAt(undefined))})`
  const isIn = subscribed === undefined ? sql<boolean>`subscribed` : sql<boolean>`${subscribed}::boolean`
  const outSince =
    subscribed === undefined
      ? sql<Date | null>`opted_out_at`
      : subscribed
        ? sql<null>`null::timestamptz`
        : // Who says no again says it now: a consent from before brings nobody back.
          sql<Date>`now()`
  const wanted = {
    email: email === undefined ? sql<string>`email` : sql<string>`${email}`,
    subscribed: sql<boolean>`${isIn} and not ${meetsRefusal} and not (${confirmsAddress}::boolean and ${moves})`,
    opted_out_at: sql<Date | null>`case when ${meetsRefusal} then now() else ${outSince} end`,
    data:
      data === null
        ? sql<string>`'{}'::jsonb`
        : sql<string>`merge_data(data, ${JSON.stringify(splitData(data).persistent)}::jsonb)`,
  }
  try {
    return await db
      .updateTable('contacts')
      .set({ ...wanted, updated_at: sql<Date>`now()` })
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .where(
        sql<boolean>`(email, subscribed, opted_out_at, data) is distinct from
          (${wanted.email}::text, ${wanted.subscribed}, ${wanted.opted_out_at}, ${wanted.data})`,
      )
      .returningAll()
      .returning(
        sql<boolean>`(old.subscribed, old.opted_out_at is null) is distinct from (new.subscribed, new.opted_out_at is null)`.as(
          'is_decided',
        ),
      )
      .executeTakeFirst()
  } catch (error) {
    if (!breaksConstraint(error, 'contacts_project_id_email_key')) throw error
    throw new ApiError('CONTACT_EXISTS', `Another contact of the project has the address ${email} already.`, {
      suggestion: 'Change that contact instead, or delete one of the two first.',
    })
  }
}

/**
 * Locks the contact before all that belongs to it, as everybody does, so that nobody waits for another in a circle; and who
 * opts out meanwhile is not brought back. One that has the wanted address is locked along, in the order of all.
 */
async function hold(db: Db, { projectId, id, email, consent }: Change) {
  const rows = await db
    .selectFrom('contacts')
    .select(['id', 'opted_out_at'])
    .select(staysOut(sql.ref('opted_out_at'), agreedAt(consent)).as('stays_out'))
    .where('project_id', '=', projectId)
    .where(({ eb, or }) => or([eb('id', '=', id), ...(email === undefined ? [] : [eb('email', '=', email)])]))
    .orderBy('email')
    // An address is a key: what refers to the contact waits while it changes, and must not be let in first.
    .$if(email !== undefined, (query) => query.forUpdate())
    .$if(email === undefined, (query) => query.forNoKeyUpdate())
    .execute()
  return rows.find((contact) => contact.id === id)
}

export const optedOut = (message: string) =>
  new ApiError('CONTACT_OPTED_OUT', message, {
    suggestion: 'If they agreed anew since, say how in `consent`; or send them the link to their own page.',
  })
