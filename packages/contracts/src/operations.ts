import type { z } from 'zod'
import { activity } from './activity.ts'
import { analytics } from './analytics.ts'
import { audit } from './audit.ts'
import { contacts } from './contacts.ts'
import type { Operation } from './define.ts'
import { emails } from './emails.ts'
import { events } from './events.ts'
import { images } from './images.ts'
import { imports } from './imports.ts'
import { inbox } from './inbox.ts'
import { jobs } from './jobs.ts'
import { keys } from './keys.ts'
import { project } from './project.ts'
import { requests } from './requests.ts'
import { stats } from './stats.ts'
import { templates } from './templates.ts'
import { topics } from './topics.ts'
import { addresses } from './verify.ts'

/** The table of operations: everything that Posthorn promises, by noun and verb. */
export const operations = {
  emails,
  events,
  contacts,
  imports,
  topics,
  templates,
  images,
  addresses,
  project,
  stats,
  analytics,
  activity,
  keys,
  inbox,
  jobs,
  requests,
  audit,
}

export type Operations = typeof operations
export type Noun = keyof Operations
export type Verb<N extends Noun> = keyof Operations[N] & string

/** What a caller sends and receives over the wire: JSON, with times as ISO strings. */
export type WireInput<N extends Noun, V extends Verb<N>> = Operations[N][V] extends { input: infer I }
  ? z.input<I>
  : never
export type WireOutput<N extends Noun, V extends Verb<N>> = Operations[N][V] extends { output: infer O }
  ? z.input<O>
  : never

/** What the server works with: normalised, with times as dates. */
export type Input<N extends Noun, V extends Verb<N>> = Operations[N][V] extends { input: infer I } ? z.output<I> : never
export type Output<N extends Noun, V extends Verb<N>> = Operations[N][V] extends { output: infer O }
  ? z.output<O>
  : never

export interface NamedOperation extends Operation {
  noun: Noun
  verb: string
  /** `emails.send` */
  name: string
}

/** The table as a list, for the loops that make routers, routes, documents and tests of it. */
export const operationList: readonly NamedOperation[] = Object.entries(operations).flatMap(([noun, verbs]) =>
  Object.entries<Operation>(verbs).map(([verb, operation]) => ({
    ...operation,
    noun: noun as Noun, // Safe because the entries are those of `operations`.
    verb,
    name: `${noun}.${verb}`,
  })),
)

/** Undefined for names that are not in the table, those of `Object.prototype` included. */
export function findOperation(noun: string, verb: string): NamedOperation | undefined {
  return operationList.find((operation) => operation.noun === noun && operation.verb === verb)
}

export const isQuery = (operation: Operation): boolean => operation.rest.method === 'GET'

/** Whether it is offered over REST alone, to people who are signed in as well, since what it takes or answers is a stream. */
export const isStreamed = ({ takes, answers }: Operation): boolean => takes !== undefined || answers !== undefined

/** Whether what does not stand in its path stands in the query, since it has no body or one of another kind. */
export const asksByQuery = (operation: Operation): boolean => isQuery(operation) || operation.takes !== undefined
