import { z } from 'zod'
import { RESERVED_KEYS } from './contact-data.ts'
import { defineOperations } from './define.ts'
import { headerText } from './header-text.ts'
import { LIMITS } from './limits.ts'
import { Language, TimeZone } from './locales.ts'
import { Id, Mailbox, Timestamp } from './primitives.ts'

/** The name of a project; it is that of the default sender, so it stands in headers. */
export const projectName = headerText(LIMITS.projectNameLength).refine((name) => name.trim() !== '', {
  error: 'A project needs a name.',
})

// oxlint-disable-next-line no-control-regex -- these are what is refused; a postal address has several lines
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f\u0085\u2028\u2029]/

const PostalAddress = z
  .string()
  .trim()
  .min(1)
  .max(LIMITS.postalAddressLength)
  .refine((text) => !CONTROL.test(text.replaceAll('\r\n', '\n')), { error: 'Only line breaks are allowed here.' })

const BrowserField = z
  .string()
  .min(1)
  .max(LIMITS.dataKeyLength)
  .refine((name) => !RESERVED_KEYS.has(name), {
    error: 'This name is reserved; it is no field of `data`.',
  })

export const Project = z
  .object({
    id: Id,
    name: z.string(),
    defaultSender: z
      .object({ email: z.string(), name: z.string().nullable() })
      .describe('Who mails are from where a request names nobody.'),
    domains: z.array(z.string()).describe('The domains that the project may send from.'),
    language: z.string().describe('The language of its mails where none is said (BCP 47).'),
    timeZone: z.string().describe('Where its days begin and its times are meant (IANA).'),
    postalAddress: z.string().nullable().describe('For the footer of marketing mail, which cannot be sent without.'),
    doubleOptIn: z.boolean().describe('Who subscribes is asked by mail to confirm it, and is not subscribed before.'),
    retentionDays: z.number().int().nullable().describe('How long mails and events are kept; null: for good.'),
    browserFields: z
      .array(z.string())
      .describe(
        'Fields of a contact that a public key overwrites; of all others it only fills those that are not set.',
      ),
    createdAt: Timestamp,
  })
  .meta({ id: 'Project', description: 'A project: contacts, mails and keys that belong together.' })

export const project = defineOperations({
  get: {
    summary: 'Get the project of the key',
    scope: 'project:read',
    rest: { method: 'GET', path: '/v1/project' },
    input: z.object({}).meta({ id: 'GetProject' }),
    output: Project,
    refusals: ['PROJECT_NOT_FOUND'],
  },
  update: {
    summary: 'Change the settings of the project; what is left out stays',
    scope: 'project:write',
    rest: { method: 'PATCH', path: '/v1/project' },
    input: z
      .object({
        name: projectName.optional(),
        defaultSender: Mailbox.optional().describe('Who mails are from where a request names nobody.'),
        language: Language.optional(),
        timeZone: TimeZone.optional(),
        postalAddress: PostalAddress.nullable().optional().describe('Null takes it away.'),
        doubleOptIn: z.boolean().optional(),
        retentionDays: z
          .number()
          .int()
          .min(1)
          .max(LIMITS.retentionDays)
          .nullable()
          .optional()
          .describe('Mails that ended and events that are older are deleted. Null: kept for good.'),
        browserFields: z
          .array(BrowserField)
          .max(LIMITS.browserFields)
          .optional()
          .describe(
            'The fields of a contact that may be overwritten with a public key, which anybody can read off a page. None by default.',
          ),
      })
      .meta({ id: 'UpdateProject', description: 'The settings to change.' }),
    output: Project,
    refusals: ['PROJECT_NOT_FOUND', 'SENDER_UNVERIFIED'],
  },
})
