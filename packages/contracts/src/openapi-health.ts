import { headers, jsonContent } from './openapi-responses.ts'
import { REFERENCE, type JsonSchema } from './openapi-schemas.ts'

const checks: JsonSchema = {
  type: 'object',
  description: 'What was looked at, and found.',
  properties: {
    database: { type: 'string', enum: ['ok', 'unreachable'] },
    migrations: { type: 'string', enum: ['ok', 'pending', 'unknown'] },
  },
  required: ['database', 'migrations'],
}

export const healthSchemas: Record<string, JsonSchema> = {
  Health: {
    type: 'object',
    description: 'The process answers.',
    properties: { status: { type: 'string', const: 'ok' }, uptimeSeconds: { type: 'integer' } },
    required: ['status', 'uptimeSeconds'],
  },
  Ready: {
    type: 'object',
    description: 'This server can do its work.',
    properties: { status: { type: 'string', const: 'ready' }, checks },
    required: ['status', 'checks'],
  },
  NotReady: {
    description: 'A refusal like any other, and what was found.',
    allOf: [
      { $ref: `${REFERENCE}Refusal` },
      {
        type: 'object',
        properties: {
          status: { type: 'string', const: 'not ready' },
          reason: { type: 'string', description: 'Why it is not ready; the same as `message`.' },
          checks,
        },
        required: ['status', 'reason', 'checks'],
      },
    ],
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
        503: {
          description: 'Not ready; `reason` says why.',
          headers: headers('X-Request-ID', 'Retry-After'),
          content: jsonContent({ $ref: `${REFERENCE}NotReady` }),
        },
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
