import { z } from 'zod'
import { defineOperations } from './define.ts'
import { Id, Timestamp } from './primitives.ts'

export const Project = z
  .object({
    id: Id,
    name: z.string(),
    defaultSender: z
      .object({ email: z.string(), name: z.string().nullable() })
      .describe('Who mails are from where a request names nobody.'),
    domains: z.array(z.string()).describe('The domains that the project may send from.'),
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
})
