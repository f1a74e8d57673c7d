import { z } from 'zod'
import { defineOperations } from './define.ts'
import { LIMITS } from './limits.ts'
import { OVERLAPS } from './overlaps.ts'
import { Id, page, PageQuery, Timestamp } from './primitives.ts'
import { KEY_KINDS, SCOPES } from './scopes.ts'

const ScopeName = z.enum(SCOPES).meta({ id: 'Scope', description: 'Something that a key can be allowed to do.' })

export const Key = z
  .object({
    id: Id,
    name: z.string(),
    kind: z.enum(KEY_KINDS),
    status: z.enum(['active', 'expiring', 'expired', 'revoked']).describe('`expiring`: it works until `expiresAt`.'),
    hint: z.string().describe('How the key begins and ends.'),
    publicKey: z.string().nullable().describe('The key itself, where it is public; null for a secret one.'),
    scopes: z.array(ScopeName),
    allowedIps: z.array(z.string()).describe('Addresses and networks it may be used from; empty: any.'),
    createdAt: Timestamp,
    expiresAt: Timestamp.nullable(),
    revokedAt: Timestamp.nullable(),
    lastUsedAt: Timestamp.nullable().describe('At most a minute late.'),
    lastUsedIp: z.string().nullable(),
    replacedBy: Id.nullable().describe('The key that regenerating made of this one.'),
  })
  .meta({ id: 'Key', description: 'An API key, without its secret.' })

export const KeyWithSecret = Key.extend({
  key: z.string().describe('The key itself.'),
}).meta({ id: 'KeyWithSecret', description: 'An API key with its secret.' })

const One = z.object({ id: Id.describe('The id of the key.') })

export const keys = defineOperations({
  list: {
    summary: 'List API keys, newest first',
    scope: 'keys:read',
    rest: { method: 'GET', path: '/v1/keys' },
    input: z.object({ ...PageQuery }).meta({ id: 'ListKeys', description: 'Which page of keys to list.' }),
    output: page(Key).meta({ id: 'KeyPage', description: 'One page of keys, newest first.' }),
  },
  create: {
    summary: 'Create an API key',
    description: 'A key can be given only what the one who asks holds.',
    scope: 'keys:write',
    rest: { method: 'POST', path: '/v1/keys', status: 201 },
    input: z
      .object({
        name: z.string().trim().min(1).max(LIMITS.keyNameLength),
        kind: z
          .enum(KEY_KINDS)
          .default('secret')
          .describe('A public key only reports events and may ship in browsers.'),
        scopes: z
          .array(ScopeName)
          .min(1)
          .optional()
          .describe('Left out: everything of the project but API keys; for a public key, reporting events.'),
        expiresAt: Timestamp.optional().describe('When it stops working; left out: never.'),
        allowedIps: z
          .array(
            z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
              error: 'Expected an IP address or a network such as 203.0.113.0/24.',
            }),
          )
          .max(LIMITS.allowedIpsPerKey)
          .optional()
          .describe('Addresses and networks (CIDR) it may be used from.'),
      })
      .meta({ id: 'CreateKey', description: 'The key to create.' }),
    output: KeyWithSecret,
    secretAnswer: true,
    refusals: ['SCOPE_NOT_HELD', 'NOT_ALLOWED'],
  },
  regenerate: {
    summary: 'Replace a key by a new one; the old one is dead when the answer arrives, or after the overlap',
    scope: 'keys:write',
    rest: { method: 'POST', path: '/v1/keys/{id}/regenerate', status: 201 },
    input: z
      .object({
        ...One.shape,
        overlap: z
          .enum(Object.keys(OVERLAPS) as [keyof typeof OVERLAPS, ...(keyof typeof OVERLAPS)[]])
          .default('now')
          .describe('How long the old key still works.'),
      })
      .meta({ id: 'RegenerateKey', description: 'How to replace the key.' }),
    output: z
      .object({ key: KeyWithSecret, replaced: Key })
      .meta({ id: 'RegeneratedKey', description: 'The new key, and the one that it replaces.' }),
    secretAnswer: true,
    refusals: ['KEY_NOT_FOUND', 'KEY_NOT_ACTIVE', 'SCOPE_NOT_HELD'],
  },
  reveal: {
    summary: 'Show a key again; the act is kept in the audit log',
    scope: 'keys:reveal',
    rest: { method: 'POST', path: '/v1/keys/{id}/reveal' },
    input: One.meta({ id: 'RevealKey' }),
    output: KeyWithSecret,
    secretAnswer: true,
    refusals: ['KEY_NOT_FOUND', 'KEY_NOT_READABLE', 'SCOPE_NOT_HELD'],
  },
  revoke: {
    summary: 'End a key at once, in every process',
    scope: 'keys:write',
    rest: { method: 'DELETE', path: '/v1/keys/{id}' },
    input: One.meta({ id: 'RevokeKey' }),
    output: Key,
    refusals: ['KEY_NOT_FOUND'],
  },
})
