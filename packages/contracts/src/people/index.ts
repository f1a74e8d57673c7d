import type { z } from 'zod'
import { account } from './account.ts'
import type { PeopleOperation } from './define.ts'
import { instance } from './instance.ts'
import { invitations, members } from './members.ts'
import { projects } from './projects.ts'

/** What signed-in people can do beside the table of operations, by noun and verb. */
export const peopleOperations = { account, projects, members, invitations, instance }

export type PeopleOperations = typeof peopleOperations
export type PeopleNoun = keyof PeopleOperations
export type PeopleVerb<N extends PeopleNoun> = keyof PeopleOperations[N] & string

type Of<N extends PeopleNoun, V extends PeopleVerb<N>, Part extends 'input' | 'output'> =
  PeopleOperations[N][V] extends Record<Part, infer Schema> ? Schema : never

export type PeopleInput<N extends PeopleNoun, V extends PeopleVerb<N>> = z.output<Of<N, V, 'input'>>
export type PeopleOutput<N extends PeopleNoun, V extends PeopleVerb<N>> = z.output<Of<N, V, 'output'>>
export type WirePeopleInput<N extends PeopleNoun, V extends PeopleVerb<N>> = z.input<Of<N, V, 'input'>>
export type WirePeopleOutput<N extends PeopleNoun, V extends PeopleVerb<N>> = z.input<Of<N, V, 'output'>>

export type NamedPeopleOperation = PeopleOperation & { noun: PeopleNoun; verb: string; name: string }

export const peopleOperationList: readonly NamedPeopleOperation[] = Object.entries(peopleOperations).flatMap(
  ([noun, verbs]) =>
    Object.entries<PeopleOperation>(verbs).map(([verb, operation]) => ({
      ...operation,
      noun: noun as PeopleNoun, // Safe because the entries are those of the table.
      verb,
      name: `${noun}.${verb}`,
    })),
)

export function findPeopleOperation(noun: string, verb: string): NamedPeopleOperation | undefined {
  return peopleOperationList.find((operation) => operation.noun === noun && operation.verb === verb)
}
