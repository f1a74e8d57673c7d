import { z } from 'zod'
import { projectName } from '../project.ts'
import { Id, Timestamp } from '../primitives.ts'
import { ROLES } from '../roles.ts'
import { definePeopleOperations } from './define.ts'

const Role = z.enum(ROLES)

export const projects = definePeopleOperations({
  list: {
    summary: 'List the projects that one works on, by name, and those of one’s own that are being deleted',
    for: 'person',
    call: 'query',
    input: z.object({}),
    output: z.object({
      data: z.array(
        z.object({
          id: Id,
          name: z.string(),
          role: Role,
          createdAt: Timestamp,
          deletion: z
            .object({ doneRows: z.number().int(), totalRows: z.number().int() })
            .nullable()
            .describe('How far its deletion is; null while it lives.'),
        }),
      ),
    }),
  },
  create: {
    summary: 'Create a project with its two keys, and own it',
    description:
      'Open to anybody where sign-up is open; otherwise to the owner of the instance, and to whoever works on a project.',
    for: 'person',
    call: 'mutation',
    input: z.object({ name: projectName }),
    output: z.object({ id: Id, name: z.string() }),
    refusals: ['NOT_ALLOWED', 'TOO_MANY_TRIES'],
  },
  delete: {
    summary: 'End a project at once, and delete all of it in the background',
    for: 'member',
    permission: 'project:delete',
    call: 'mutation',
    input: z.object({ confirm: z.string().describe('The name of the project, letter by letter.') }),
    output: z.object({ id: Id }),
    proof: true,
    refusals: ['NOT_ALLOWED', 'PROJECT_NOT_FOUND'],
  },
})
