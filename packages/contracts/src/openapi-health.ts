import { headers, jsonContent } from './openapi-responses.ts'
import { REFERENCE, type JsonSchema } from './openapi-schemas.ts'

export const healthSchemas: Record<string, JsonSchema> = {
  Health: {
    type: 'object',
    description: 'The process answers.',
    properties: { status: { type: 'string', const: 'ok' }, uptimeSeconds: { type: 'integer' } },
    required: ['status', 'uptimeSeconds'],
  },
  Ready: {
    type: 'object',
    description: 'Whether this server can do its work.',
    properties: {
      status: { type: 'string', enum: ['ready', 'not ready'] },
      reason: { type: 'string', description: 'Why it is not ready.' },
    },
    required: ['status'],
  },
}

const answer = (description: string, schema: object) => ({
  description,
  headers: headers('X-Request-ID'),
  content: jsonContent(schema),
})

const open = { tags: ['server'], security: [] }

/** What the API serves outside the table of operations. */
export const healthPaths = {
  '/health': {
    get: {
      ...open,
      operationId: 'server.health',
      summary: 'Whether the process answers',
      responses: { 200: answer('It does.', { $ref: `${REFERENCE}Health` }) },
    },
  },
  '/ready': {
    get: {
      ...open,
      operationId: 'server.ready',
      summary: 'Whether the database answers and has every table that this version needs',
      responses: {
        200: answer('Ready for requests.', { $ref: `${REFERENCE}Ready` }),
        503: answer('Not ready; `reason` says why.', { $ref: `${REFERENCE}Ready` }),
      },
    },
  },
  '/v1/openapi.json': {
    get: {
      ...open,
      operationId: 'server.openapi',
      summary: 'This document',
      responses: { 200: answer('The OpenAPI document of this version.', { type: 'object' }) },
    },
  },
}
