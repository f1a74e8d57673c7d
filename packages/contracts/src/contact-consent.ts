import { z } from 'zod'
import { idOrAddress } from './contact.ts'
import { Id, page, PageQuery, Timestamp } from './primitives.ts'

export const Decision = z
  .object({
    id: Id,
    subscribed: z.boolean().describe('What came of it.'),
    topic: z.string().nullable().describe('The topic that it is about; null: all mail.'),
    how: z
      .enum(['page', 'one-click', 'confirmation', 'api', 'dashboard', 'bulk', 'import', 'system'])
      .describe(
        '`page` and `one-click` (the button of a mail program, RFC 8058) are links in mail; `confirmation` is the button of a double opt-in.',
      ),
    actor: z
      .object({ kind: z.enum(['key', 'user', 'system']), id: z.string().nullable(), name: z.string().nullable() })
      .nullable()
      .describe('Who said it for the person; null: they did themselves.'),
    ip: z.string().nullable().describe('Where the person was.'),
    userAgent: z.string().nullable().describe('The program of the person.'),
    source: z.string().nullable().describe('Where the person agreed, as the caller said.'),
    text: z.string().nullable().describe('What the person agreed to, as the caller said.'),
    givenAt: Timestamp.nullable().describe('When the person agreed, as the caller said.'),
    at: Timestamp.describe('When it was kept.'),
  })
  .meta({ id: 'ConsentDecision', description: 'Something that a person agreed to or refused, and how one knows.' })

export const consentOperation = {
  consentLog: {
    summary: 'List what a contact agreed to and refused, and how one knows, newest first',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/{id}/consent-log' },
    input: z.object({ id: idOrAddress, ...PageQuery }).meta({ id: 'ListConsentDecisions' }),
    output: page(Decision).meta({ id: 'ConsentDecisionPage', description: 'Decisions of a contact, newest first.' }),
    refusals: ['CONTACT_NOT_FOUND'],
  },
} as const
