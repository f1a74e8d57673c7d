import { z } from 'zod'
import { idOrAddress } from './contact.ts'
import { Id, page, PageQuery, Timestamp } from './primitives.ts'

const Decision = z
  .object({
    id: Id,
    subscribed: z.boolean().describe('What came of it.'),
    how: z.enum(['page', 'one-click']).describe('`one-click` is what mail programs send for their reader (RFC 8058).'),
    ip: z.string().nullable().describe('Where it came from.'),
    userAgent: z.string().nullable().describe('The program that asked.'),
    at: Timestamp,
  })
  .meta({ id: 'ConsentDecision', description: 'A change of consent that the recipient made by a link in their mail.' })

export const consentOperation = {
  consentLog: {
    summary: 'List what a contact decided by the links in their mail, newest first',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/{id}/consent-log' },
    input: z.object({ id: idOrAddress, ...PageQuery }).meta({ id: 'ListConsentDecisions' }),
    output: page(Decision).meta({ id: 'ConsentDecisionPage', description: 'Decisions of a contact, newest first.' }),
    refusals: ['CONTACT_NOT_FOUND'],
  },
} as const
