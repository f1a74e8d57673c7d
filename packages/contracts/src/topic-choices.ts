import { z } from 'zod'
import { ConsentState } from './consent-proof.ts'
import { LIMITS } from './limits.ts'

export const TopicId = z
  .string()
  .max(LIMITS.topicIdLength)
  .regex(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/, {
    error: 'Small letters, digits, and - or _ between them, such as `weekly`.',
  })

/** The topics that come along with a contact. */
export const topicChoices = z
  .record(TopicId, z.boolean())
  .optional()
  .describe(
    'Topics by id: true to choose it, false to leave it; others stay as they are. Who left a topic comes back to it by a `consent` alone.',
  )

/** What became of them. */
export const topicStates = z
  .record(z.string(), ConsentState)
  .optional()
  .describe('How things stand with the topics that were named.')
