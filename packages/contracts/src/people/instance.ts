import { z } from 'zod'
import { audit } from '../audit.ts'
import { Id, PageQuery, Timestamp, page } from '../primitives.ts'
import { definePeopleOperations } from './define.ts'

const DeletedProject = z.object({
  projectId: Id,
  name: z.string(),
  deletedAt: Timestamp,
  isGone: z.boolean().describe('Whether all of it but the audit log is deleted by now.'),
  auditKeptUntil: Timestamp,
})

export const instance = definePeopleOperations({
  get: {
    summary: 'Say how the whole instance is doing',
    for: 'instanceOwner',
    call: 'query',
    input: z.object({}),
    output: z.object({
      version: z.string(),
      projects: z.number().int(),
      users: z.number().int(),
      waitingEmails: z.number().int().describe('Counted up to 10,000.'),
      oldestDueAt: Timestamp.nullable().describe('Since when the mail that waits longest is due.'),
      captures: z.boolean().describe('Whether mail goes to the built-in inbox.'),
    }),
  },
  health: {
    summary: 'Check database, queue, secret and relay, as `posthorn doctor` does',
    for: 'instanceOwner',
    call: 'query',
    input: z.object({}),
    output: z.object({
      checks: z.array(
        z.object({
          name: z.string(),
          status: z.enum(['ok', 'warning', 'wrong']),
          message: z.string(),
          advice: z.string().nullable().describe('What to do about it.'),
        }),
      ),
    }),
  },
  projects: {
    summary: 'List all projects, newest first',
    for: 'instanceOwner',
    call: 'query',
    input: z.object({ ...PageQuery }),
    output: page(
      z.object({
        id: Id,
        name: z.string(),
        members: z.number().int(),
        createdAt: Timestamp,
        deletedAt: Timestamp.nullable().describe('Since when it is being deleted.'),
      }),
    ),
  },
  users: {
    summary: 'List all accounts, newest first',
    for: 'instanceOwner',
    call: 'query',
    input: z.object({ ...PageQuery }),
    output: page(
      z.object({
        id: Id,
        name: z.string(),
        email: z.string(),
        isInstanceOwner: z.boolean(),
        projects: z.number().int(),
        createdAt: Timestamp,
        lastSeenAt: Timestamp.nullable(),
      }),
    ),
  },
  deletedProjects: {
    summary: 'List the projects that were deleted and whose audit log is still kept, newest deletion first',
    for: 'instanceOwner',
    call: 'query',
    input: z.object({ ...PageQuery }),
    output: page(DeletedProject),
  },
  deletedProject: {
    summary: 'Get a project that was deleted and whose audit log is still kept',
    for: 'instanceOwner',
    call: 'query',
    input: z.object({ projectId: Id }),
    output: DeletedProject,
    refusals: ['PROJECT_NOT_FOUND'],
  },
  auditOf: {
    summary: 'List what was done in a project that was deleted, newest first',
    for: 'instanceOwner',
    call: 'query',
    input: z.object({ projectId: Id, ...audit.list.input.shape }),
    output: audit.list.output,
    refusals: ['PROJECT_NOT_FOUND'],
  },
  exportAuditOf: {
    summary: 'Export what was done in a project that was deleted as CSV, newest first',
    description: audit.export.description,
    for: 'instanceOwner',
    call: 'query',
    input: z.object({ projectId: Id, ...audit.export.input.shape }),
    output: audit.export.output,
    refusals: ['PROJECT_NOT_FOUND'],
  },
})
