import { z } from 'zod'
import { defineOperations } from './define.ts'
import { EmailStream, Period } from './email-filters.ts'
import { LIMITS } from './limits.ts'
import { Id, Timestamp } from './primitives.ts'
import { mailNumbers } from './stats.ts'
import { TimeZone } from './locales.ts'

const Numbers = z.object(mailNumbers).meta({ id: 'MailNumbers', description: 'What became of mails, in numbers.' })

const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(LIMITS.emailAddressLength)
  .describe('Mails to this domain, as it is after the @ of an address.')

const filters = {
  ...Period,
  stream: EmailStream.optional().describe('Mails of this kind.'),
  template: Id.optional().describe('Mails that were made of this template, by its id.'),
  domain: Domain.optional(),
}

/** Said of every answer that is made of the counters. */
const COUNTED = `Numbers are counted as mail is accepted and ends, by quarter of an hour, so they do not change when mails are deleted. \`since\` and \`until\` are widened to whole quarters; left out, they are the 30 days up to now. At most ${LIMITS.statsDays} days at once.`

const DOMAINS = `Of each day (UTC) the ${LIMITS.domainsPerDay} busiest domains are kept by name, and all others are counted together. Templates and domains are known for ${LIMITS.statsDetailDays} days.`

const groupLimit = z.coerce
  .number<number>({ error: `Expected a whole number from 1 to ${LIMITS.groupsPerSeries}.` })
  .int()
  .min(1)
  .max(LIMITS.groupsPerSeries)

const Group = {
  kind: z
    .enum(['named', 'none', 'rest'])
    .describe('`none`: mails of no template. `rest`: all that are not shown, or not known, by name.'),
  id: z.string().nullable().describe('The stream, the id of the template, or the domain; null for `none` and `rest`.'),
  name: z.string().nullable().describe('The same for people; null also for a template that was deleted.'),
}

export const analytics = defineOperations({
  timeseries: {
    summary: 'Get what became of mail over time, by hour, day, week or month',
    description: `${COUNTED} Every hour or day of the span has its point, in the time zone that is asked for, whose days may have 23 or 25 hours; at most ${LIMITS.pointsPerSeries} points. ${DOMAINS} A template and a domain cannot be asked for at once.`,
    scope: 'project:read',
    rest: { method: 'GET', path: '/v1/analytics/timeseries' },
    input: z
      .object({
        ...filters,
        granularity: z.enum(['hour', 'day', 'week', 'month']).default('day').describe('How long a point is.'),
        timeZone: TimeZone.optional().describe('Whose hours and days; left out: those of the project’s time zone.'),
        groupBy: z.enum(['none', 'stream', 'template', 'domain']).default('none').describe('What to tell apart.'),
        groups: groupLimit.default(5).describe('How many groups to show by themselves, those with most mail first.'),
      })
      .meta({ id: 'GetTimeseries', description: 'Which numbers, and how to divide them.' }),
    output: z
      .object({
        timeZone: z.string(),
        granularity: z.enum(['hour', 'day', 'week', 'month']),
        since: Timestamp.describe('When the first point begins.'),
        until: Timestamp,
        total: Numbers,
        points: z.array(
          z.object({
            start: Timestamp,
            date: z.iso.date().describe('The day in the time zone on which it begins.'),
            ...mailNumbers,
          }),
        ),
        groups: z
          .array(z.object({ ...Group, total: Numbers, points: z.array(Numbers).describe('One for each of `points`.') }))
          .describe('Those with most mail first; empty where nothing is told apart.'),
      })
      .meta({ id: 'Timeseries', description: 'What became of mail over time.' }),
  },
  summary: {
    summary: 'Get what became of mail in a span, and in the span before',
    description: `${COUNTED} ${DOMAINS}`,
    scope: 'project:read',
    rest: { method: 'GET', path: '/v1/analytics/summary' },
    input: z.object(filters).meta({ id: 'GetSummary', description: 'Which mails to count.' }),
    output: z
      .object({
        since: Timestamp,
        until: Timestamp,
        total: Numbers,
        previous: z.object({ since: Timestamp, until: Timestamp, total: Numbers }).describe('As long, just before.'),
      })
      .meta({ id: 'MailSummary', description: 'The numbers of a span, and of the one before.' }),
  },
  top: {
    summary: 'List the templates or domains with most mail',
    description: `${COUNTED} ${DOMAINS}`,
    scope: 'project:read',
    rest: { method: 'GET', path: '/v1/analytics/top' },
    input: z
      .object({
        ...Period,
        stream: filters.stream,
        by: z.enum(['template', 'domain']).describe('What to list.'),
        sort: z.enum(['accepted', 'sent', 'failed', 'deferred']).default('accepted').describe('By which number.'),
        limit: z.coerce
          .number<number>({ error: `Expected a whole number from 1 to ${LIMITS.pageSize}.` })
          .int()
          .min(1)
          .max(LIMITS.pageSize)
          .default(10)
          .describe('How many to show by themselves.'),
      })
      .meta({ id: 'ListTop', description: 'What to list, and by which number.' }),
    output: z
      .object({
        since: Timestamp,
        until: Timestamp,
        total: Numbers,
        data: z.array(z.object({ ...Group, ...mailNumbers })).describe('The largest first, `rest` last.'),
      })
      .meta({ id: 'TopGroups', description: 'The templates or domains with most mail.' }),
  },
})
