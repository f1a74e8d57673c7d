import { transact, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { announce } from '../changes.ts'
import { changeContact } from '../contacts/change.ts'
import { lockContacts } from '../contacts/remove.ts'
import { chooseOneself } from '../topics/choices.ts'
import { readTopics } from '../topics/of-contact.ts'
import { heldTopics } from '../topics/read.ts'
import type { Linked } from './links.ts'
import type { Origin } from './proof.ts'

/** A topic, as its recipient sees it. */
export interface OfferedTopic {
  id: string
  name: string
  description: string | null
  /** What the contact chose, or else what the topic begins with. */
  isChosen: boolean
}

/** A contact, as the page shows it that their links lead to. */
export interface Recipient {
  email: string
  subscribed: boolean
  /** The contact's, or else the project's. */
  language: string
  projectName: string
  topics: OfferedTopic[]
  /** The topic that the link is about, where there still is such a one. */
  topic: OfferedTopic | undefined
}

export interface LinkedTopic extends Linked {
  topic?: string | undefined
}

/** Undefined where the contact or its project is gone. */
export async function findRecipient(db: Db, linked: LinkedTopic): Promise<Recipient | undefined> {
  const { projectId, contactId, topic: wanted } = linked
  const { rows } = await sql<Pick<Recipient, 'email' | 'subscribed' | 'language' | 'projectName'>>`
    select email, subscribed, coalesce(data->>'locale', language) as language, name as "projectName"
    from contacts join projects on projects.id = contacts.project_id and deleted_at is null
    where contacts.project_id = ${projectId} and contacts.id = ${contactId}
  `.execute(db)
  const [contact] = rows
  if (contact === undefined) return undefined
  const topics = (await readTopics(db, { projectId, contactId })).map((topic) => ({
    id: topic.id,
    name: topic.name,
    description: topic.description,
    visible: topic.visible,
    isChosen: topic.choice ?? topic.subscribedByDefault,
  }))
  return { ...contact, topics: topics.filter(({ visible }) => visible), topic: topics.find(({ id }) => id === wanted) }
}

/** Where a decision came from. */
export interface Sign {
  how: 'page' | 'one-click'
  ip: string | undefined
  userAgent: string | undefined
}

interface Decision extends LinkedTopic, Sign {
  subscribed: boolean
}

/** Does what a recipient decided, and keeps that they did. What is so already changes nothing and is not kept. */
export async function changeConsent(db: Db, decision: Decision): Promise<Recipient | undefined> {
  const { projectId, contactId, topic, subscribed } = decision
  return transact(db, async (trx) => {
    // A topic that is just deleted is gone, so that who leaves it leaves everything.
    if (topic !== undefined) await heldTopics(trx, projectId, [topic])
    const recipient = await findRecipient(trx, decision)
    if (recipient === undefined) return undefined
    const origin = originOfSign(decision)
    // Who wants one topic wants mail; who leaves one topic may want all others.
    const isAboutAll = recipient.topic === undefined || subscribed
    const changed =
      isAboutAll && (await changeContact(trx, { projectId, id: contactId, subscribed, origin })) !== undefined
    const isChosen =
      recipient.topic !== undefined &&
      topic !== undefined &&
      (await chooseLocked(trx, { projectId, contactId, choices: { [topic]: subscribed }, origin }))
    if (changed || isChosen) await announce(trx, projectId, 'contacts')
    return findRecipient(trx, decision)
  })
}

interface Selection extends Linked, Sign {
  /** The topics that the recipient was shown, */
  shown: readonly string[]
  /** and those of them that they want. */
  wanted: readonly string[]
}

/** Does what a recipient chose of the topics that they were shown. */
export async function chooseOfTopics(db: Db, selection: Selection): Promise<Recipient | undefined> {
  const { projectId, contactId, shown, wanted } = selection
  return transact(db, async (trx) => {
    const recipient = await findRecipient(trx, selection)
    if (recipient === undefined) return undefined
    const changes = recipient.topics
      .filter(({ id, isChosen }) => shown.includes(id) && wanted.includes(id) !== isChosen)
      .map(({ id, isChosen }) => [id, !isChosen] as const)
    const choices = Object.fromEntries(changes)
    if (!(await chooseLocked(trx, { projectId, contactId, choices, origin: originOfSign(selection) }))) return recipient
    await announce(trx, projectId, 'contacts')
    return findRecipient(trx, selection)
  })
}

async function chooseLocked(db: Db, own: Parameters<typeof chooseOneself>[1]): Promise<boolean> {
  await lockContacts(db, { projectId: own.projectId, ids: [own.contactId] })
  return chooseOneself(db, own)
}

const originOfSign = ({ how, ip, userAgent }: Sign): Origin => ({
  how,
  actor: null,
  ip: ip ?? null,
  userAgent: userAgent ?? null,
})
