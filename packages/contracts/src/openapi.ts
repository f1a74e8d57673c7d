import packageJson from '../package.json' with { type: 'json' }
import { KEY_KINDS } from './scopes.ts'
import { healthPaths, healthSchemas } from './openapi-health.ts'
import { describeOperation } from './openapi-operation.ts'
import { refusalResponses, refusalSchema, sharedHeaders } from './openapi-responses.ts'
import { wireSchemas } from './openapi-schemas.ts'
import { operationList, type Noun } from './operations.ts'

const TAGS: Record<Noun, string> = {
  emails: 'Send mail, and see what became of it.',
  events: 'Report what contacts do.',
  contacts: 'The people of a project.',
  imports: 'Files of contacts: upload, look at what the columns seem to be, and import.',
  topics: 'Kinds of mail that people choose by themselves.',
  templates: 'Mails that are written once and filled for each recipient.',
  images: 'Pictures that mails show.',
  addresses: 'What can be known of an address without sending to it.',
  project: 'The project that the key belongs to.',
  stats: 'How much was sent, day by day.',
  activity: 'What happened in the project, newest first.',
  analytics: 'What became of mail over time, by kind, template and domain.',
  keys: 'API keys. Only a key that was given `keys:*` on purpose may work with them.',
  inbox: 'The built-in inbox, which catches all mail while no relay is set.',
  jobs: 'Long work that is done in the background: how far it is, and what came of it.',
  requests: 'The log of requests to the API.',
  audit: 'Who did what, when and from where.',
}

const DESCRIPTION = `The API of Posthorn, an email platform that runs on your own machines.

Send a key as \`Authorization: Bearer KEY\`. A secret key (\`sk_…\`) belongs on a server; a public key (\`pk_…\`) only reports events and may ship in browsers.

Times are ISO 8601 with a zone. Lists are newest first: hand the \`cursor\` of a page in, with the same filters, to get the next one. Refusals have one shape everywhere; branch on \`error.code\`. Give a call that changes something an \`Idempotency-Key\` and it can be repeated without happening twice.

Name each field of an object once: of a name that stands there twice, the last value counts (RFC 8259, section 4).`

/** The OpenAPI 3.1 document of the whole API, made of the table of operations. */
export function openApiDocument(): object {
  const schemas = wireSchemas()
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of operationList) {
    const { method, path } = operation.rest
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeOperation(operation, schemas) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Posthorn',
      version: packageJson.version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    tags: [
      ...Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      { name: 'server', description: 'The state of this server. No key is needed.' },
    ],
    paths: { ...paths, ...healthPaths },
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: `A ${KEY_KINDS.join(' or ')} key of the project.` },
      },
      headers: sharedHeaders,
      responses: refusalResponses,
      schemas: { ...byName(schemas.named), ...refusalSchema, ...healthSchemas },
    },
  }
}

/** In an order that only a change of the contracts can change, so that the document's diff can be read. */
const byName = <Value>(record: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
