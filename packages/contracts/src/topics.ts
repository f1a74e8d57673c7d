import { z } from 'zod'
import { idOrAddress } from './contact.ts'
import { ConsentState } from './consent-proof.ts'
import { defineOperations } from './define.ts'
import { LIMITS } from './limits.ts'
import { Nothing, Timestamp } from './primitives.ts'
import { TopicId } from './topic-choices.ts'

const Name = z
  .string()
  .trim()
  .min(1)
  .max(LIMITS.topicNameLength)
  .describe('What recipients read, such as `Weekly digest`.')
const Description = z
  .string()
  .trim()
  .max(LIMITS.topicDescriptionLength)
  .describe('What recipients read below the name.')

const about = {
  subscribedByDefault: z
    .boolean()
    .describe('True (opt-out): who chose nothing gets it. False (opt-in): only who chose it does.'),
  doubleOptIn: z
    .boolean()
    .describe('Who chooses it is asked by mail to confirm that; not with `subscribedByDefault`, where nobody chooses.'),
  visible: z.boolean().describe('Recipients see it on the page that their links lead to, and choose there.'),
}

export const Topic = z
  .object({
    id: TopicId,
    name: z.string(),
    description: z.string().nullable(),
    ...about,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'Topic', description: 'A kind of mail that people choose by itself.' })

interface Reached {
  subscribedByDefault?: boolean | undefined
  doubleOptIn?: boolean | undefined
}

/** What is wrong with whom a topic reaches, if anything: who gets it unasked confirms nothing. */
export const faultOfTopic = ({ subscribedByDefault, doubleOptIn }: Reached) =>
  subscribedByDefault === true && doubleOptIn === true
    ? 'Who chose nothing would get this topic without having confirmed it. Ask where people choose it (`subscribedByDefault: false`), or ask nobody.'
    : undefined

function checkTopic(topic: Reached, ctx: z.RefinementCtx): void {
  const message = faultOfTopic(topic)
  if (message !== undefined) ctx.addIssue({ code: 'custom', path: ['doubleOptIn'], message })
}

const One = z.object({ id: TopicId.describe('The id of the topic.') })

export const topics = defineOperations({
  list: {
    summary: 'List the topics of the project, by name',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/topics' },
    input: z.object({}).meta({ id: 'ListTopics' }),
    output: z
      .object({ data: z.array(Topic) })
      .meta({ id: 'TopicList', description: `All topics; a project has ${LIMITS.topicsPerProject} at most.` }),
  },
  get: {
    summary: 'Get a topic, and how many chose it',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/topics/{id}' },
    input: One.meta({ id: 'GetTopic' }),
    output: Topic.extend({
      chosenBy: z.int().describe(`How many contacts chose it; counted up to ${LIMITS.topicChoicesCounted}.`),
      refusedBy: z.int().describe(`How many contacts left it; counted up to ${LIMITS.topicChoicesCounted}.`),
    }).meta({ id: 'TopicDetails', description: 'A topic, and how many chose it.' }),
    refusals: ['TOPIC_NOT_FOUND'],
  },
  create: {
    summary: 'Create a topic',
    scope: 'contacts:write',
    rest: { method: 'POST', path: '/v1/topics', status: 201 },
    input: z
      .object({
        id: TopicId.describe('A short name for programs, such as `weekly`. It cannot be changed.'),
        name: Name,
        description: Description.nullable().optional(),
        subscribedByDefault: about.subscribedByDefault.default(false),
        doubleOptIn: about.doubleOptIn.default(false),
        visible: about.visible.default(true),
      })
      .superRefine(checkTopic)
      .meta({ id: 'CreateTopic', description: 'The topic to create.' }),
    output: Topic,
    refusals: ['TOPIC_EXISTS', 'TOO_MANY_TOPICS'],
  },
  update: {
    summary: 'Change a topic; what is left out stays',
    description: 'A new default counts for all who chose nothing.',
    scope: 'contacts:write',
    rest: { method: 'PATCH', path: '/v1/topics/{id}' },
    input: One.extend({
      name: Name.optional(),
      description: Description.nullable().optional(),
      subscribedByDefault: about.subscribedByDefault.optional(),
      doubleOptIn: about.doubleOptIn.optional(),
      visible: about.visible.optional(),
    }).meta({ id: 'UpdateTopic', description: 'What to change of a topic.' }),
    output: Topic,
    refusals: ['TOPIC_NOT_FOUND'],
  },
  delete: {
    summary: 'Delete a topic with what contacts chose of it; the log of their consents stays',
    scope: 'contacts:write',
    rest: { method: 'DELETE', path: '/v1/topics/{id}', status: 204 },
    input: One.meta({ id: 'DeleteTopic' }),
    output: Nothing,
    refusals: ['TOPIC_NOT_FOUND'],
  },
})

const TopicOfContact = z
  .object({
    id: TopicId,
    name: z.string(),
    choice: z
      .boolean()
      .nullable()
      .describe('What the contact chose; null: nothing, so the default of the topic counts.'),
    state: ConsentState.describe('`subscribed`: mail of the topic reaches the contact.'),
    changedAt: Timestamp.nullable().describe('When the contact chose.'),
  })
  .meta({ id: 'TopicOfContact', description: 'How things stand with a topic and a contact.' })

const TopicsOfContact = z.object({ data: z.array(TopicOfContact) }).meta({
  id: 'TopicsOfContact',
  description: 'All topics of the project, by name, as they stand with the contact.',
})

/** What is known of topics by contact. */
export const topicOperations = {
  topics: {
    summary: 'List the topics of a contact',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/{id}/topics' },
    input: z.object({ id: idOrAddress }).meta({ id: 'ListTopicsOfContact' }),
    output: TopicsOfContact,
    refusals: ['CONTACT_NOT_FOUND'],
  },
} as const
