export { forgetRequests } from './api-log/forget.ts'
export { openApiLog, type ApiLog, type LoggedRequest } from './api-log/write.ts'
export {
  beginAttempt,
  forgetAttempts,
  forgiveAttempt,
  inWords,
  lastWait,
  PER_MAILBOX,
  useOnce,
  type Allowance,
  type Attempt,
} from './attempts.ts'
export { bodyOf, type ReceivedBody } from './body.ts'
export { systemActor, type Actor, type Caller, type Context, type PeopleContext, type Person } from './context.ts'
export { confirm, findConfirmation, type Confirmation } from './consent/confirm.ts'
export { changeConsent, chooseOfTopics, findRecipient, type Recipient } from './consent/consent.ts'
export { LINK_PURPOSES, recipientLinks, type LinkPurpose, type Linked } from './consent/links.ts'
export { forgetFields } from './contacts/field-counts.ts'
export { sortIntoIndex } from './contacts/indexes.ts'
export type { Download } from './downloads.ts'
export { distrustDomain, listDomains, trustDomain, type TrustedDomain } from './domains.ts'
export { ApiError, DatabaseDeniedError, fieldRefusal, isDenied, isUnavailable } from './errors.ts'
export { readRounded, ROUNDED_DIGITS } from './exact-numbers.ts'
export { bounded, gunzipped, tooLarge } from './packed.ts'
export { forgetImports } from './imports/forget.ts'
export { forgetIdempotencyKeys } from './forget.ts'
export { newId } from './ids.ts'
export { openBucket, type Bucket, type BucketOptions } from './images/bucket.ts'
export { removeObjects } from './images/objects.ts'
export { findImage, imageBytes, readImagePath, type PublicImage } from './images/serve.ts'
export {
  createProject,
  getProject,
  listProjects,
  listProjectsWithDeletions,
  type NewProject,
  type ProjectSummary,
} from './instance.ts'
export { invoke } from './invoke.ts'
export { requireScope } from './scope.ts'
export { authenticate, KEY_GOOD_FOR_MS, missingKey, type Credentials } from './keys/authenticate.ts'
export { openChangeFeed, type ChangeFeed } from './live/feed.ts'
export { changesOf, type Watcher } from './live/stream.ts'
export { forgetRateLimits } from './rate-limits/leases.ts'
export type { RateLimits, RatePolicy } from './rate-limits/limiter.ts'
export { networkOf } from './rate-limits/networks.ts'
export { createRuntime, type Runtime, type RuntimeOptions } from './runtime.ts'
export { checkHealth, type HealthCheck, type Instance } from './health.ts'
export { noteForwarding } from './health/proxies.ts'
export { checkStart } from './health/start.ts'
export { MasterSecretError, readOrCreateSecret, secretFile, SECRET_LENGTH } from './master-secret.ts'
export { gatherTallies } from './analytics/gather.ts'
export { tidyStats } from './analytics/retention.ts'
export { waitingEmails, type WaitingEmail } from './waiting.ts'
export { invokePeople, requireAudience } from './people/invoke.ts'
export { isSetUpNeeded, newSetUpToken } from './people/set-up.ts'
export { blankEndedLinks } from './product-mail-links.ts'
export {
  confirmAccountAddress,
  listAccounts,
  newPasswordLink,
  resetSecondFactor,
  type Account,
} from './people/rescue.ts'
export { deleteAccount, endAccountSessions } from './people/end-account.ts'
export { makeInstanceOwner } from './people/instance-owner.ts'
export { sendProductMail } from './product-mail.ts'
export type { LinkLife } from './product-mail-template.ts'
export { forgetAccountTraces } from './people/forget.ts'
export { noteAccountAct } from './people/account-log.ts'
export { admit, signUpClosed } from './people/admit.ts'
export { provenUntil } from './people/proof.ts'
export { lockWaysIn, requireOtherWayIn } from './people/ways-in.ts'
export { callerOfSession, IDLE_SECONDS, LIFE_SECONDS } from './people/sessions.ts'
export { hashToken, linkTo, newToken } from './people/tokens.ts'
export { projectNeeded, projectNotFound } from './people/refusals.ts'
export { forgetDeletedProjects } from './people/deleted-projects.ts'
export { deleteProject, resumeDeletions } from './people/deletion.ts'
export { TURN_SECONDS } from './project-jobs/queue.ts'
export { runProjectJob } from './project-jobs/run.ts'
export { forgetProjectJobs, resumeProjectJobs } from './project-jobs/keep.ts'
export { applyRetention, forgetInvitations } from './retention.ts'
export { findOwnProject } from './people/own-project.ts'
