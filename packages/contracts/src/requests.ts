import { z } from 'zod'
import { defineOperations } from './define.ts'
import { PARTIAL_PAGES, Period } from './email-filters.ts'
import { Id, page, PageQuery, Timestamp } from './primitives.ts'

const RequestId = z
  .string()
  .regex(/^[\w.:-]{1,128}$/, { error: 'Not the id of a request.' })
  .describe('The X-Request-ID of the answer.')

const Word = z
  .string()
  .max(100)
  .regex(/^[\w.\- ]+$/)

const Request = z
  .object({
    id: RequestId,
    at: Timestamp.describe('When it came in.'),
    keyId: Id.nullable(),
    userId: Id.nullable(),
    method: z
      .string()
      .describe('The HTTP method, or `tRPC` for a call over tRPC, of which a request can bring several.'),
    operation: z.string().describe('What was asked for, such as `emails.send`; never the address itself.'),
    status: z.int().describe('The HTTP status; 499 where the caller went away before the answer.'),
    code: z.string().nullable().describe('The code of the refusal, if it was one.'),
    durationMs: z.number(),
    ip: z.string().nullable(),
  })
  .meta({ id: 'ApiRequest', description: 'A request to the API, without what was in it.' })

export const requests = defineOperations({
  list: {
    summary: 'List the requests to the API, newest first',
    description: `A request is listed some seconds after its answer. ${PARTIAL_PAGES}`,
    scope: 'requests:read',
    rest: { method: 'GET', path: '/v1/requests' },
    input: z
      .object({
        ...PageQuery,
        requestId: RequestId.optional().describe('Requests with this id.'),
        keyId: Id.optional().describe('Requests with this key.'),
        caller: z
          .enum(['key', 'person'])
          .optional()
          .describe('Requests with a key, or those of people before the dashboard.'),
        operation: Word.optional().describe('Requests for this operation, such as `emails.send`.'),
        statusClass: z
          .enum(['2xx', '3xx', '4xx', '5xx'])
          .optional()
          .describe('Requests whose status begins with this digit.'),
        code: Word.optional().describe('Requests that were refused with this code.'),
        ...Period,
      })
      .meta({ id: 'ListRequests', description: 'Which requests to list.' }),
    output: page(Request).meta({ id: 'RequestPage', description: 'One page of requests, newest first.' }),
  },
  get: {
    summary: 'Get a request to the API by its id',
    description: 'Of several with the same id, such as the calls of one tRPC request, the newest.',
    scope: 'requests:read',
    rest: { method: 'GET', path: '/v1/requests/{requestId}' },
    input: z.object({ requestId: RequestId }).meta({ id: 'GetRequest' }),
    output: Request,
    refusals: ['REQUEST_NOT_FOUND'],
  },
})
