import type { PeopleInput, PeopleNoun, PeopleOperations, PeopleOutput, PeopleVerb } from '@posthorn/contracts'
import type { Actor, Caller, PeopleContext } from '../context.ts'
import { account } from './account.ts'
import { instance } from './instance.ts'
import { invitations } from './invitations.ts'
import { members } from './members.ts'
import { projects } from './projects.ts'

export type SignedIn = Extract<Caller, { kind: 'user' | 'person' }>
export type Member = Extract<Actor, { kind: 'user' | 'system' }>

/** What is known of the one who calls, by whom the operation is for. */
type CallerOf<Operation> = Operation extends { for: 'anyone' }
  ? Caller
  : Operation extends { for: 'member' }
    ? Member
    : SignedIn

/** What implements a noun of the people's table: one function per verb. */
export type PeopleHandlers<N extends PeopleNoun> = {
  [V in PeopleVerb<N>]: (
    ctx: PeopleContext<CallerOf<PeopleOperations[N][V]>>,
    input: PeopleInput<N, V>,
  ) => Promise<PeopleOutput<N, V>>
}

export const peopleHandlers: { [N in PeopleNoun]: PeopleHandlers<N> } = {
  account,
  projects,
  members,
  invitations,
  instance,
}
