import { z } from 'zod'
import { defineOperations } from './define.ts'
import { LIMITS } from './limits.ts'
import { TimeZone } from './locales.ts'

const DEFAULT_DAYS = 30

/** What is counted of mails. */
export const mailNumbers = {
  accepted: z.int().describe('Mails that were accepted.'),
  sent: z.int().describe('Mails that a relay took.'),
  failed: z.int().describe('Mails that failed for good.'),
  deferred: z.int().describe('Attempts that a server put off; one mail can have several.'),
}

export const stats = defineOperations({
  get: {
    summary: 'Get the numbers of the last days, day by day',
    description: 'Days are those of the time zone; the last one is today. What is counted now is in the next answer.',
    scope: 'project:read',
    rest: { method: 'GET', path: '/v1/stats' },
    input: z
      .object({
        days: z.coerce
          .number<number>({ error: `Expected a whole number from 1 to ${LIMITS.statsDays}.` })
          .int()
          .min(1)
          .max(LIMITS.statsDays)
          .default(DEFAULT_DAYS)
          .describe('How many days, today included.'),
        timeZone: TimeZone.optional().describe('Whose days; left out: those of the project’s time zone.'),
      })
      .meta({ id: 'GetStats', description: 'Which days to count.' }),
    output: z
      .object({
        timeZone: z.string(),
        total: z.object(mailNumbers),
        days: z.array(z.object({ date: z.iso.date(), ...mailNumbers })).describe('Every day, first to last.'),
      })
      .meta({ id: 'Stats', description: 'The numbers of a project, day by day.' }),
  },
})
