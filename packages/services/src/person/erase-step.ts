import type { Db } from '@posthorn/db'
import { setTimeout } from 'node:timers/promises'
import { announce } from '../changes.ts'
import { deleteEvents, lockContacts, removeContacts } from '../contacts/remove.ts'
import type { DoStep, Facts, JobAtWork, JobStep } from '../project-jobs/step.ts'
import { eraseMails } from './erase-mails.ts'
import { eraseCaught, eraseFromImports } from './erase-traces.ts'
import { addressed, findMails, LAST_ID, type Addressed, type Person, type PersonalMail } from './mails.ts'

/** What is sent to somebody after they were to be erased is not touched. */
interface Asked {
  contactId: string | null
  email: string
  until: string
}

/** How far it is: in the mails, behind which of them and which a worker had; then in the events. */
type Place = { at?: 'events'; before?: string; held?: PersonalMail[] }

/** How long a mail that is on its way is left alone before the next look. */
const ON_ITS_WAY_MS = 1_000

/** Erases the next part of a person: the mails, then the events, in the end the contact. */
export const eraseStep: DoStep = async (db, job) => {
  const { contactId, email, until } = job.input as unknown as Asked // Safe because `erasePerson` stored it.
  const person = await addressed(db, { projectId: job.projectId, contactId, email })
  const place = job.state as Place // Safe because only this step stores it.
  return place.at === 'events' ? eraseEvents(db, job, person) : eraseNextMails(db, job, { person, until, place })
}

async function eraseNextMails(
  db: Db,
  job: JobAtWork,
  { person, until, place }: { person: Addressed; until: string; place: Place },
): Promise<JobStep> {
  const { before = LAST_ID, held = [] } = place
  const isSearched = before === ''
  // What becomes of a mail that was on its way has to be waited for, or it would be forgotten here.
  if (isSearched) await setTimeout(ON_ITS_WAY_MS)
  const found = isSearched
    ? { mails: held, before: null }
    : await findMails(db, person, { before, until, limit: job.batchRows })
  const heldNow = new Set(await eraseMails(db, person, found.mails))
  await announce(db, person.projectId, 'emails')
  const left = found.mails.filter(({ id }) => heldNow.has(id))
  const stillHeld = isSearched ? left : [...held, ...left]
  const erased = { mails: countOf(job, 'mails') + found.mails.length - left.length }
  if (found.before !== null) return under(job, { before: found.before, held: stillHeld }, erased)
  if (stillHeld.length > 0) return under(job, { before: '', held: stillHeld }, erased)
  await eraseCaught(db, person)
  await eraseFromImports(db, person)
  await announce(db, person.projectId, 'inbox')
  return under(job, { at: 'events' }, erased)
}

async function eraseEvents(db: Db, job: JobAtWork, { projectId, contactId }: Person): Promise<JobStep> {
  const which = {
    projectId,
    ids: contactId === null ? [] : await lockContacts(db, { projectId, ids: [contactId] }, { toDelete: true }),
  }
  const gone = which.ids.length === 0 ? 0 : await deleteEvents(db, which, job.batchRows)
  const erased = { events: countOf(job, 'events') + gone }
  await announce(db, projectId, 'events')
  if (gone === job.batchRows) return under(job, { at: 'events' }, erased)
  await removeContacts(db, which)
  await announce(db, projectId, 'contacts')
  const { done, result, ...step } = under(job, {}, erased)
  return { ...step, done, result, total: done, isOver: true }
}

const countOf = ({ result }: JobAtWork, what: 'mails' | 'events') => Number(result?.[what] ?? 0)

function under(job: JobAtWork, place: Place, erased: { mails?: number; events?: number }): JobStep {
  const counts = { mails: countOf(job, 'mails'), events: countOf(job, 'events'), ...erased }
  const state = JSON.parse(JSON.stringify(place)) as Facts
  return { state, done: counts.mails + counts.events, total: null, result: counts, isOver: false }
}
