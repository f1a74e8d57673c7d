export { normaliseDomain, parseAddress, parseMailbox, type Mailbox } from './addresses.ts'
export type { Method, Operation } from './define.ts'
export { isBlank } from './emails.ts'
export { ERRORS, type ErrorCode, type FieldError } from './errors.ts'
export { isOwnHeader } from './headers.ts'
export { OVERLAPS } from './keys.ts'
export { LIMITS } from './limits.ts'
export {
  findOperation,
  isQuery,
  operationList,
  operations,
  type Input,
  type NamedOperation,
  type Noun,
  type Operations,
  type Output,
  type Verb,
  type WireInput,
  type WireOutput,
} from './operations.ts'
export type { JsonValue } from './primitives.ts'
export type { AppRouter, RefusalData, RouterRoot } from './router.ts'
export { GRANTABLE_SCOPES, KEY_KINDS, KEY_SCOPES, SCOPE_WORDS, SCOPES, type KeyKind, type Scope } from './scopes.ts'
