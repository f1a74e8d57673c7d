import { z } from 'zod'
import { Id, Timestamp } from '../primitives.ts'
import { definePeopleOperations } from './define.ts'

const Session = z.object({
  id: Id,
  isCurrent: z.boolean(),
  createdAt: Timestamp,
  lastSeenAt: Timestamp.describe('At most a few minutes late.'),
  expiresAt: Timestamp,
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
})

const LinkedProvider = z.object({
  id: Id,
  provider: z.string(),
  name: z.string(),
  isOffered: z.boolean().describe('Whether one can sign in there; false once the instance has its settings no more.'),
  email: z.string().nullable().describe('Who one is there, as far as the provider told when it was linked.'),
  linkedAt: Timestamp,
  isOnlyWayIn: z.boolean().describe('Then it stays until there is another.'),
})

/** What is kept of somebody’s own account. */
export const ACCOUNT_ACTS = [
  'account-made',
  'signed-in',
  'sign-in-delayed',
  'signed-out',
  'session-ended',
  'other-sessions-ended',
  'all-sessions-ended',
  'password-set',
  'password-changed',
  'password-removed',
  'password-reset',
  'reset-link-made',
  'address-changed',
  'address-confirmed',
  'provider-linked',
  'provider-unlinked',
  'second-factor-on',
  'second-factor-off',
  'recovery-codes-made',
  'passkey-added',
  'passkey-removed',
  'project-made',
  'instance-owner-made',
  'instance-owner-unmade',
  'account-deleted',
] as const
export type AccountAct = (typeof ACCOUNT_ACTS)[number]

export const account = definePeopleOperations({
  options: {
    summary: 'Say how one can sign in here, and whether the first account is still to be made',
    for: 'anyone',
    call: 'query',
    input: z.object({}),
    output: z.object({
      setUpNeeded: z.boolean(),
      signUps: z.enum(['open', 'invitation']),
      providers: z.array(z.object({ id: z.string(), name: z.string() })).describe('Where else one can sign in.'),
    }),
  },
  get: {
    summary: 'Get one’s own account',
    for: 'person',
    call: 'query',
    input: z.object({}),
    output: z.object({
      id: Id,
      name: z.string(),
      email: z.string(),
      emailVerified: z.boolean(),
      isInstanceOwner: z.boolean(),
      hasPassword: z.boolean(),
      hasSecondFactor: z.boolean(),
      provenUntil: Timestamp.describe('Until then nothing asks for the password again.'),
      createdAt: Timestamp,
    }),
  },
  sessions: {
    summary: 'List where one is signed in, last seen first',
    for: 'person',
    call: 'query',
    input: z.object({}),
    output: z.object({ data: z.array(Session) }),
  },
  providers: {
    summary: 'List the providers that can sign one in, in the order in which they were linked',
    for: 'person',
    call: 'query',
    input: z.object({}),
    output: z.object({ data: z.array(LinkedProvider) }),
  },
  unlinkProvider: {
    summary: 'Let a provider sign one in no more, unless it is the only way in; told by mail',
    for: 'person',
    call: 'mutation',
    proof: true,
    input: z.object({ id: Id }),
    output: z.object({ id: Id }),
    refusals: ['PROVIDER_NOT_LINKED', 'LAST_WAY_IN'],
  },
  removePassword: {
    summary: 'Sign in by passkey or provider alone from now on; told by mail',
    for: 'person',
    call: 'mutation',
    proof: true,
    input: z.object({}),
    output: z.object({ hasPassword: z.boolean() }),
    refusals: ['NO_PASSWORD', 'LAST_WAY_IN'],
  },
  activity: {
    summary: 'List the last 100 things that were done to one’s own account, newest first',
    for: 'person',
    call: 'query',
    input: z.object({}),
    output: z.object({
      data: z.array(
        z.object({
          id: Id,
          at: Timestamp,
          action: z.string().describe('Such as `signed-in`.'),
          ip: z.string().nullable(),
          userAgent: z.string().nullable(),
          detail: z.record(z.string(), z.json()),
        }),
      ),
    }),
  },
  endSession: {
    summary: 'Sign out one session at once',
    for: 'person',
    call: 'mutation',
    input: z.object({ id: Id }),
    output: z.object({ id: Id }),
    refusals: ['SESSION_NOT_FOUND'],
  },
  endOtherSessions: {
    summary: 'Sign out all other sessions at once',
    for: 'person',
    call: 'mutation',
    input: z.object({}),
    output: z.object({ ended: z.number().int() }),
  },
})
