/**
 * Every refusal that Posthorn can answer with: its code, HTTP status, meaning, and what to do about it. Codes never
 * change their meaning. `docs/errors.md` is printed from here.
 */
export const ERRORS = {
  SIGN_IN_NEEDED: {
    status: 401,
    meaning: 'Only somebody who is signed in can do this, and the session is over.',
    remedy: 'Sign in again.',
  },
  PROOF_NEEDED: {
    status: 403,
    meaning: 'The password must be given again, because the last proof is too old.',
    remedy: 'Give the password again, then repeat the call.',
  },
  ROLE_TOO_LOW: {
    status: 403,
    meaning: 'The role in the project does not allow this.',
    remedy: 'Ask an owner or admin of the project.',
  },
  NOT_ALLOWED: {
    status: 403,
    meaning: 'This is not allowed to the one who asks.',
    remedy: 'Ask the owner of this Posthorn.',
  },
  PROJECT_NEEDED: {
    status: 400,
    meaning: 'A session must say which project it means.',
    remedy: 'Send the id of the project as X-Project-Id.',
  },
  SESSION_NOT_FOUND: {
    status: 404,
    meaning: 'The account has no such session.',
    remedy: 'Load the list again; the session has probably ended.',
  },
  MEMBER_NOT_FOUND: {
    status: 404,
    meaning: 'The project has no such member.',
    remedy: 'Load the list again; the person has probably left.',
  },
  PROVIDER_NOT_LINKED: {
    status: 404,
    meaning: 'The account is not linked to this provider.',
    remedy: 'Load the list again; the link has probably been removed.',
  },
  LAST_WAY_IN: {
    status: 409,
    meaning: 'An account keeps at least one way to sign in.',
    remedy: 'Set a password, add a passkey or link a provider first.',
  },
  NO_PASSWORD: {
    status: 409,
    meaning: 'The account has no password.',
    remedy: 'Sign in by passkey or provider, or set a first password.',
  },
  INVITATION_NOT_FOUND: {
    status: 404,
    meaning: 'The invitation was used, taken back, or has expired.',
    remedy: 'Have a new invitation sent.',
  },
  ALREADY_MEMBER: {
    status: 409,
    meaning: 'The person works on the project already.',
    remedy: 'Change the role of the member instead.',
  },
  LAST_OWNER: {
    status: 409,
    meaning: 'A project keeps at least one owner.',
    remedy: 'Make somebody else an owner first.',
  },
  MISSING_AUTH: {
    status: 401,
    meaning: 'The request carries no usable Authorization header.',
    remedy: 'Send `Authorization: Bearer YOUR_KEY`, and never a key in an address.',
  },
  INVALID_API_KEY: {
    status: 401,
    meaning: 'The key is unknown, revoked, expired or of the wrong kind.',
    remedy: 'Check that the key is complete and current, and of the kind that the message names.',
  },
  INSUFFICIENT_SCOPE: {
    status: 403,
    meaning: 'The key is good but was not given this scope.',
    remedy: 'Use a key that holds the scope, or have one made.',
  },
  ADDRESS_NOT_ALLOWED: {
    status: 403,
    meaning: 'The key may not be used from this network address.',
    remedy: 'Call from an allowed address; behind a proxy, the operator sets `TRUSTED_PROXIES`.',
  },
  SENDER_UNVERIFIED: {
    status: 403,
    meaning: 'The project may not send from this domain.',
    remedy: 'Send from a domain of the project, or have the operator trust this one.',
  },
  SCOPE_NOT_HELD: {
    status: 403,
    meaning: 'A key cannot grant what it does not hold itself.',
    remedy: 'Ask for fewer scopes, or use a key that holds them.',
  },
  INVALID_REQUEST_BODY: {
    status: 400,
    meaning: 'The body is not the JSON that it claims to be.',
    remedy: 'Send one JSON object in UTF-8.',
  },
  BAD_REQUEST: {
    status: 400,
    meaning: 'The request is malformed outside its body.',
    remedy: 'Mend what the message names: the address, a header, or HTTP itself.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    meaning: 'The request took too long to arrive.',
    remedy: 'Send it again, over a better connection or in smaller parts.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    meaning: 'The headers are larger than is taken.',
    remedy: 'Send fewer or shorter headers; what is long belongs in the body.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    meaning: 'The body is not JSON in UTF-8.',
    remedy: 'Send `Content-Type: application/json`.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    meaning: 'The body is larger than this operation takes.',
    remedy: 'Send less at once: smaller attachments, or several requests.',
  },
  VALIDATION_ERROR: {
    status: 422,
    meaning: 'Fields are missing, wrong or unknown; `errors` names each.',
    remedy: 'Mend the fields in `errors`.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    meaning: 'No operation lives at this address.',
    remedy: 'Look the address up in `/v1/openapi.json`.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: 'The address exists, but not with this method.',
    remedy: 'Use a method of the `Allow` header.',
  },
  EMAIL_NOT_FOUND: {
    status: 404,
    meaning: 'The project has no such email.',
    remedy: 'Check the id, and that the key belongs to the email’s project.',
  },
  CONTACT_NOT_FOUND: {
    status: 404,
    meaning: 'The project has no such contact.',
    remedy: 'Check the id or address, and that the key belongs to the contact’s project.',
  },
  CONTACT_EXISTS: {
    status: 409,
    meaning: 'Another contact of the project has this address already.',
    remedy: 'Change that contact instead, or delete one of the two first.',
  },
  CONTACT_OPTED_OUT: {
    status: 409,
    meaning: 'The contact opted out, and only they themselves or a consent of theirs that is kept can change that.',
    remedy: 'Hand in `consent` with how they agreed anew, or leave them unsubscribed.',
  },
  JOB_NOT_FOUND: {
    status: 404,
    meaning: 'The project has no such job.',
    remedy: 'Check the id; a job is kept for 30 days after its end.',
  },
  IMPORT_NOT_FOUND: {
    status: 404,
    meaning: 'The project has no such import.',
    remedy: 'Check the id; imports are kept for 30 days, and files that were not imported for a day.',
  },
  IMPORT_UNREADABLE: {
    status: 422,
    meaning: 'The file is not CSV as it should be. The message says where and why.',
    remedy: 'Save it as CSV in UTF-8, and upload it again.',
  },
  IMPORT_STARTED: {
    status: 409,
    meaning: 'The import was started before.',
    remedy: 'Upload the file again to import it once more.',
  },
  IMPORT_RUNNING: {
    status: 409,
    meaning: 'The import is under way.',
    remedy: 'Cancel its job first.',
  },
  TOO_MANY_UPLOADS: {
    status: 429,
    meaning: 'The project uploads several files already.',
    remedy: 'Wait until one of them has arrived.',
  },
  TOO_MANY_FILES: {
    status: 409,
    meaning: 'The files that the project uploaded and has not imported are as large together as they may be.',
    remedy: 'Import them, or delete those that are not wanted.',
  },
  JOB_FINISHED: {
    status: 409,
    meaning: 'The job has reached its end.',
    remedy: 'Look at its result; there is nothing left to cancel.',
  },
  JOB_UNSTOPPABLE: {
    status: 409,
    meaning: 'The job is of a kind that is done in any case.',
    remedy: 'Wait for its end.',
  },
  TEMPLATE_NOT_FOUND: {
    status: 404,
    meaning: 'The project has no such template, or none that is published.',
    remedy: 'Check the id or name, and publish the template before it is sent.',
  },
  NO_SUCH_VERSION: {
    status: 404,
    meaning: 'The template has no such version.',
    remedy: 'Take a number from the list of its versions.',
  },
  TEMPLATE_NAME_TAKEN: {
    status: 409,
    meaning: 'Another template of the project has this name.',
    remedy: 'Choose another name, or change the template that has it.',
  },
  TEMPLATE_CHANGED: {
    status: 409,
    meaning: 'The content of the template is no more what `ifRevision` says.',
    remedy: 'Get the template again, and make the change on what is there now.',
  },
  TEMPLATE_INVALID: {
    status: 422,
    meaning: 'The template has a mistake; `errors` says in which part, line and column.',
    remedy: 'Mend the template at the place that the message names.',
  },
  IMAGE_NOT_FOUND: {
    status: 404,
    meaning: 'The project has no such picture.',
    remedy: 'Check the id; the picture may have been deleted.',
  },
  IMAGE_INVALID: {
    status: 422,
    meaning: 'The file is no picture that mail programs show.',
    remedy: 'Send PNG, JPEG, GIF or WebP.',
  },
  TOO_MANY_IMAGES: {
    status: 409,
    meaning: 'The pictures of the project are as many, or as large together, as they may be.',
    remedy: 'Delete pictures that no mail shows any more.',
  },
  STORAGE_UNAVAILABLE: {
    status: 503,
    meaning: 'The bucket that pictures are kept in did not answer, or refused.',
    remedy: 'Try again in a moment; if it stays so, the operator looks at the S3 settings.',
  },
  CONTACT_UNSUBSCRIBED: {
    status: 400,
    meaning: 'A marketing template goes to subscribed contacts alone.',
    remedy: 'Leave these recipients out, or use a transactional template for mail that they need.',
  },
  TOPIC_NOT_FOUND: {
    status: 404,
    meaning: 'The project has no such topic.',
    remedy: 'Take an id from the list of topics, or create the topic first.',
  },
  TOPIC_EXISTS: {
    status: 409,
    meaning: 'The project has a topic with this id already.',
    remedy: 'Change that topic, or choose another id.',
  },
  TOO_MANY_TOPICS: {
    status: 409,
    meaning: 'The project has as many topics as it may have.',
    remedy: 'Delete a topic that is not needed any more.',
  },
  POSTAL_ADDRESS_NEEDED: {
    status: 400,
    meaning: 'Marketing mail must name the postal address of its sender.',
    remedy:
      'Set the postal address of the project; in a template of the type HEADLESS, write `{{ project.postalAddress }}` where it belongs.',
  },
  KEY_NOT_FOUND: {
    status: 404,
    meaning: 'The project has no such key.',
    remedy: 'Check the id in the list of keys.',
  },
  MESSAGE_NOT_FOUND: {
    status: 404,
    meaning: 'The inbox holds no such message of the project.',
    remedy: 'Check the id; the inbox may have been emptied.',
  },
  PROJECT_NOT_FOUND: {
    status: 404,
    meaning: 'There is no such project.',
    remedy: 'Check the id or name.',
  },
  INBOX_OFF: {
    status: 404,
    meaning: 'Mail goes to a real relay, so there is no built-in inbox.',
    remedy: 'Look at the recipient’s mailbox, or start without `SMTP_URL`.',
  },
  ATTACHMENT_NOT_FOUND: {
    status: 404,
    meaning: 'The mail has no attachment at this place.',
    remedy: 'Count the attachments of the mail from 0.',
  },
  AUDIT_ENTRY_NOT_FOUND: {
    status: 404,
    meaning: 'The audit log of the project has no such entry.',
    remedy: 'Check the id, and that the key belongs to the project that the entry is of.',
  },
  REQUEST_NOT_FOUND: {
    status: 404,
    meaning: 'The log holds no such request of the project.',
    remedy: 'Wait some seconds; a request is listed shortly after its answer, and for a number of days.',
  },
  EMAIL_NOT_COMPOSABLE: {
    status: 409,
    meaning: 'No valid message can be made of the email.',
    remedy: 'Send the content as a new email.',
  },
  TOO_MANY_STREAMS: {
    status: 429,
    meaning: 'The one who asks has too many streams of changes open already.',
    remedy: 'Close some of the tabs that show this.',
  },
  RATE_LIMITED: {
    status: 429,
    meaning: 'More was asked than the limits of this Posthorn let through at a time.',
    remedy: 'Wait for `Retry-After`, and watch `RateLimit` to stay below; the operator sets `RATE_LIMITS`.',
  },
  TOO_MANY_TRIES: {
    status: 429,
    meaning: 'This was done too often within a short time.',
    remedy: 'Try again after `Retry-After`.',
  },
  EMAIL_NOT_WAITING: {
    status: 409,
    meaning: 'The email is being sent or has reached its end.',
    remedy: 'Nothing can be changed any more; send another one where that helps.',
  },
  KEY_NOT_ACTIVE: {
    status: 409,
    meaning: 'The key was revoked, replaced or has expired.',
    remedy: 'Use its successor, or create a new key.',
  },
  KEY_NOT_READABLE: {
    status: 409,
    meaning: 'The key was sealed under another master key. It works, but it cannot be shown.',
    remedy: 'Regenerate it, or have the operator start with the `POSTHORN_SECRET` that it was made under.',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    meaning: 'The first request with this Idempotency-Key is still running.',
    remedy: 'Wait a moment and send the same request again; it gets the first one’s answer.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    meaning: 'The Idempotency-Key was used before for another request.',
    remedy: 'Take a new Idempotency-Key for each request that is meant to be another one.',
  },
  SERVER_BUSY: {
    status: 503,
    meaning: 'Other large requests hold the memory that is set aside for them, or many slow templates wait.',
    remedy: 'Try again after `Retry-After`; for large requests the operator can raise `MAX_UPLOAD_MEMORY_MB`.',
  },
  MIGRATIONS_PENDING: {
    status: 503,
    meaning: 'The database lacks tables that this version needs. Only `/ready` says so.',
    remedy: 'The operator runs `pnpm posthorn migrate`.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    meaning: 'The database cannot be reached at the moment.',
    remedy: 'Try again after `Retry-After`; with the same Idempotency-Key it happens once.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    meaning: 'A fault of Posthorn; the log has it under the request id.',
    remedy: 'Give the request id to the operator.',
  },
} as const satisfies Record<string, { status: number; meaning: string; remedy: string }>

export type ErrorCode = keyof typeof ERRORS

/** One wrong field: where it is (`to.0.email`), why it was refused, and a code to branch on. */
export interface FieldError {
  field: string
  message: string
  code: string
}
