import type { NamedOperation } from '@posthorn/contracts'
import { openApiDocument } from '@posthorn/contracts/openapi'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Answer } from './call.ts'

const document = JSON.parse(JSON.stringify(openApiDocument())) as {
  paths: Record<string, Record<string, { responses: Record<string, DescribedAnswer> }>>
  components: { responses: Record<string, DescribedAnswer> }
}
interface DescribedAnswer {
  $ref?: string
  content?: Record<string, { schema: object }>
}
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema({ $id: 'document', ...document })
const checks = new Map<DescribedAnswer, ValidateFunction>()

/** Why an answer is not one that the document promises; undefined where it is. */
export function unpromised({ rest }: NamedOperation, { status, headers, text, body }: Answer): string | undefined {
  const named = document.paths[rest.path]?.[rest.method.toLowerCase()]?.responses[status]
  const described =
    named?.$ref === undefined ? named : document.components.responses[named.$ref.split('/').at(-1) ?? '']
  if (described === undefined) return 'a status that is not described'
  if (status >= 500) return 'a fault'
  if (described.content === undefined) return text === '' ? undefined : 'words where nothing is described'
  const type = headers.get('content-type')?.replace(/;.*/, '') ?? ''
  const content = described.content[type]
  if (content === undefined) return `${type} where it is not described`
  if (type !== 'application/json') return undefined
  let check = checks.get(described)
  if (check === undefined) {
    check = ajv.compile(JSON.parse(JSON.stringify(content.schema).replaceAll('"#/', '"document#/')) as object)
    checks.set(described, check)
  }
  return check(body) ? undefined : `another shape: ${ajv.errorsText(check.errors)}`
}
