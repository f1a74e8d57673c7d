import { z } from 'zod'
import { defineOperations } from './define.ts'
import { Id, Timestamp } from './primitives.ts'

export const Project = z
  .object({
    id: Id,
    name: z.string(),
    defaultSender: z.object({ email: z.string(), name: z.string().nullable() }),
    domains: z.array(z.string()).describe('The domains that the project may send from.'),
    createdAt: Timestamp,
  })
  .meta({ id: 'Project' })

export const project = defineOperations({
  get: {
    summary: 'Get the project of the key',
    scope: 'project:read',
    rest: { method: 'GET', path: '/v1/project' },
    input: z.object({}).meta({ id: 'GetProject' }),
    output: Project,
  },
})
