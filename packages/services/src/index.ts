export { systemActor, type Actor, type Context } from './context.ts'
export { ApiError, fieldRefusal, isUnavailable } from './errors.ts'
export { forgetIdempotencyKeys } from './forget.ts'
export { newId } from './ids.ts'
export {
  createProject,
  getProject,
  listProjects,
  trustDomain,
  type NewProject,
  type ProjectSummary,
} from './instance.ts'
export { invoke, requireScope } from './invoke.ts'
export { authenticate, type Credentials } from './keys/authenticate.ts'
export { createRuntime, type Runtime, type RuntimeOptions } from './runtime.ts'
export { checkHealth, type HealthCheck, type Instance } from './health.ts'
export { MasterSecretError, readOrCreateSecret, secretFile, SECRET_LENGTH } from './master-secret.ts'
export { waitingEmails, type WaitingEmail } from './waiting.ts'
