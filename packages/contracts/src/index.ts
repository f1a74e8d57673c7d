export { ACTIVITY_TYPES, type ActivityType } from './activity.ts'
export { normaliseDomain, parseAddress, parseMailbox, type Mailbox } from './addresses.ts'
export type { Method, Operation, Taken } from './define.ts'
export { FIELD_TYPES, type FieldType } from './contact-fields.ts'
export { FILE_FORMATS, type FileFormat } from './downloads.ts'
export { isBlank } from './email-content.ts'
export { ERRORS, type ErrorCode, type FieldError } from './errors.ts'
export { IMAGE_TYPES } from './images.ts'
export { JOB_KINDS, JOB_STATUSES, type JobKind, type JobStatus } from './jobs.ts'
export { isOwnHeader } from './headers.ts'
export { OVERLAPS } from './overlaps.ts'
export { LIMITS } from './limits.ts'
export {
  asksByQuery,
  findOperation,
  isQuery,
  isStreamed,
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
export { listsJudgedAlone } from './judged-alone.ts'
export type { JsonValue } from './primitives.ts'
export type { AppRouter, RefusalData, RouterRoot } from './router.ts'
export { TYPE_WORDS } from './template-variables.ts'
export { fitsType, type VariableType } from './variable-types.ts'
export { GRANTABLE_SCOPES, KEY_KINDS, KEY_SCOPES, SCOPE_WORDS, SCOPES, type KeyKind, type Scope } from './scopes.ts'
export {
  findPeopleOperation,
  peopleOperationList,
  peopleOperations,
  type NamedPeopleOperation,
  type PeopleInput,
  type PeopleNoun,
  type PeopleOperations,
  type PeopleOutput,
  type PeopleVerb,
  type WirePeopleInput,
  type WirePeopleOutput,
} from './people/index.ts'
export type { PeopleOperation } from './people/define.ts'
export { ACCOUNT_ACTS, type AccountAct } from './people/account.ts'
export { CHANGE_PERMISSIONS, CHANGES, ChangeNotice, type Change } from './people/live.ts'
export {
  PEOPLE_PERMISSION_WORDS,
  PERMISSIONS,
  ROLE_PERMISSIONS,
  ROLE_WORDS,
  ROLES,
  type Permission,
  type Role,
} from './roles.ts'
