import type { Api, Method, Noun } from './document.ts'
import { comment } from './print-types.ts'

const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1)
const resourceName = ({ name }: Noun) => `${capital(name)}Resource`
const optionsOf = ({ takesKey }: Method) => (takesKey ? 'KeyedRequestOptions' : 'RequestOptions')
const promiseOf = ({ isPaged, answer = 'void', row }: Method) =>
  row === undefined ? `${isPaged ? 'Pages' : 'Answer'}<${answer}>` : `Download<${row}>`

/** The methods of one noun. */
export function printResource(noun: Noun): string {
  const { methods } = noun
  const names = (of: (method: Method) => string | undefined) =>
    [...new Set(methods.map(of))].filter((name) => name !== undefined).toSorted()
  const types = [
    ...new Set([...names(({ answer }) => answer), ...names(({ row }) => row), ...names(({ input }) => input?.name)]),
  ].toSorted()
  const promises = names(({ isPaged, row }) => (row === undefined ? (isPaged ? 'Pages' : 'Answer') : undefined))
  const hasFiles = methods.some(({ row }) => row !== undefined)
  return [
    `import type { ${promises.join(', ')} } from '../answer.ts'`,
    `import type { Api } from '../api.ts'`,
    ...(hasFiles ? [`import type { Download } from '../download.ts'`] : []),
    `import type { ${names(optionsOf).join(', ')} } from '../options.ts'`,
    `import type { ${types.join(', ')} } from './types.ts'`,
    ...(methods.some(({ takesFile }) => takesFile) ? [`import type { FileBody } from '../upload.ts'`] : []),
    '',
    `${comment(noun.words)}export class ${resourceName(noun)} {`,
    'readonly #api: Api',
    '',
    'constructor(api: Api) {\nthis.#api = api\n}',
    ...methods.map((method) => `\n${printMethod(method)}`),
    '}',
  ].join('\n')
}

export function signature(method: Method): string {
  const { verb, pathFields, takesFile, input } = method
  const parameters = [
    ...pathFields.map(({ name }) => `${name}: string`),
    ...(takesFile ? ['file: FileBody'] : []),
    ...(input === undefined
      ? []
      : [`${input.kind === 'query' ? 'query' : 'input'}${input.required ? '' : '?'}: ${input.name}`]),
    `options?: ${optionsOf(method)}`,
  ]
  return `${verb}(${parameters.join(', ')}): ${promiseOf(method)}`
}

function printMethod(method: Method): string {
  const { http, path, pathFields, takesFile, input, takesKey, isWrapped, isPaged, row } = method
  const details = [
    ...(pathFields.length === 0 ? [] : [`path: { ${pathFields.map(({ name }) => name).join(', ')} }`]),
    ...(takesFile ? ['file'] : []),
    ...(input === undefined ? [] : [input.kind === 'query' ? 'query' : 'body: input']),
    ...(takesKey ? ['keyed: true'] : []),
    ...(isWrapped ? ['unwrap: true'] : []),
    'options',
  ].join(', ')
  const reader = row === undefined ? (isPaged ? 'pages' : undefined) : 'file'
  const call = reader ? `${reader}('${path}', { ${details} })` : `call('${http}', '${path}', { ${details} })`
  const notes = pathFields.flatMap(({ name, description }) =>
    description === undefined ? [] : [`@param ${name} ${description}`],
  )
  return `${comment([...method.words, ...notes].join('\n\n'))}${signature(method)} {\nreturn this.#api.${call}\n}`
}

/** The client: one field for each noun. */
export function printClient({ nouns }: Api): string {
  return [
    `import { createApi } from '../api.ts'`,
    `import type { PosthornOptions } from '../options.ts'`,
    ...nouns.map((noun) => `import { ${resourceName(noun)} } from './${noun.name}.ts'`),
    '',
    '/** A client of one Posthorn server, with one key. It keeps no connection and needs no closing. */',
    'export class Posthorn {',
    ...nouns.map((noun) => `${comment(noun.words)}readonly ${noun.name}: ${resourceName(noun)}`),
    '',
    'constructor(options: PosthornOptions) {',
    'const api = createApi(options)',
    ...nouns.map((noun) => `this.${noun.name} = new ${resourceName(noun)}(api)`),
    '}',
    '}',
  ].join('\n')
}
