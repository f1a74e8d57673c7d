import { z } from 'zod'
import { defineOperations } from './define.ts'
import { PARTIAL_PAGES, Period } from './email-filters.ts'
import { LIMITS } from './limits.ts'
import { Id, Json, page, PageQuery, Timestamp } from './primitives.ts'

const Entry = z
  .object({
    id: Id,
    at: Timestamp,
    actor: z.object({
      kind: z.enum(['key', 'user', 'system']).describe('`system`: the operator, or Posthorn itself.'),
      id: z.string().nullable(),
      name: z.string().nullable().describe('The name at that time.'),
    }),
    action: z.string().describe('What was done, such as `key.created`.'),
    target: z.string().nullable().describe('What it was done to.'),
    detail: z.record(z.string(), Json),
    ip: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry', description: 'Something that was done, and by whom.' })

const Word = z.string().min(1).max(254)

const filters = {
  actor: Word.optional().describe('What this one did: the id of a key or a person, or `key`, `user` or `system`.'),
  action: Word.optional().describe('Acts of this kind, such as `key.created`; `key.` for all with keys.'),
  target: Word.optional().describe('What was done to this.'),
  ...Period,
}

export const audit = defineOperations({
  list: {
    summary: 'List what was done in the project, newest first',
    description: PARTIAL_PAGES,
    scope: 'audit:read',
    rest: { method: 'GET', path: '/v1/audit' },
    input: z.object({ ...PageQuery, ...filters }).meta({ id: 'ListAudit', description: 'Which entries to list.' }),
    output: page(Entry).meta({ id: 'AuditPage', description: 'One page of the audit log, newest first.' }),
  },
  get: {
    summary: 'Get one entry of the audit log by its id',
    scope: 'audit:read',
    rest: { method: 'GET', path: '/v1/audit/{id}' },
    input: z.object({ id: Id }).meta({ id: 'GetAuditEntry' }),
    output: Entry,
    refusals: ['AUDIT_ENTRY_NOT_FOUND'],
  },
  export: {
    summary: 'Export what was done in the project as CSV, newest first',
    description:
      'The pages put together are one file (RFC 4180), as the first page alone has the names of the columns. A cell that a spreadsheet would run has an apostrophe before it, and so has one that begins with an apostrophe: without the first one each is as it was.',
    scope: 'audit:read',
    rest: { method: 'GET', path: '/v1/audit/export' },
    input: z
      .object({
        limit: z.coerce
          .number<number>({ error: `Expected a whole number from 1 to ${LIMITS.exportPageSize}.` })
          .int()
          .min(1)
          .max(LIMITS.exportPageSize)
          .default(LIMITS.exportPageSize)
          .describe('How many rows to answer with.'),
        cursor: PageQuery.cursor,
        ...filters,
      })
      .meta({ id: 'ExportAudit', description: 'Which entries to export.' }),
    output: z
      .object({
        csv: z.string(),
        cursor: z.string().nullable().describe('Hand this in to get the next page; null on the last one.'),
      })
      .meta({ id: 'AuditExport', description: 'One page of the audit log as CSV.' }),
  },
})
