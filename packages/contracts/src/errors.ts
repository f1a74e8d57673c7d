/** Every refusal that Posthorn can answer with: its code, HTTP status and meaning. Codes never change their meaning. */
export const ERRORS = {
  MISSING_AUTH: { status: 401, meaning: 'The request carries no usable Authorization header.' },
  INVALID_API_KEY: { status: 401, meaning: 'The key is unknown, revoked, expired or of the wrong kind.' },
  INSUFFICIENT_SCOPE: { status: 403, meaning: 'The key is good but was not given this scope.' },
  ADDRESS_NOT_ALLOWED: { status: 403, meaning: 'The key may not be used from this network address.' },
  SENDER_UNVERIFIED: { status: 403, meaning: 'The project may not send from this domain.' },
  SCOPE_NOT_HELD: { status: 403, meaning: 'A key cannot grant what it does not hold itself.' },
  INVALID_REQUEST_BODY: { status: 400, meaning: 'The body is not the JSON that it claims to be.' },
  BAD_REQUEST: { status: 400, meaning: 'The request is malformed outside its body.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, meaning: 'The body is not JSON in UTF-8.' },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: 'The body is larger than this operation takes.' },
  VALIDATION_ERROR: { status: 422, meaning: 'Fields are missing or wrong; `errors` names each.' },
  ROUTE_NOT_FOUND: { status: 404, meaning: 'No operation lives at this address.' },
  METHOD_NOT_ALLOWED: { status: 405, meaning: 'The address exists, but not with this method.' },
  EMAIL_NOT_FOUND: { status: 404, meaning: 'The project has no such email.' },
  CONTACT_NOT_FOUND: { status: 404, meaning: 'The project has no such contact.' },
  KEY_NOT_FOUND: { status: 404, meaning: 'The project has no such key.' },
  MESSAGE_NOT_FOUND: { status: 404, meaning: 'The inbox holds no such message of the project.' },
  PROJECT_NOT_FOUND: { status: 404, meaning: 'There is no such project.' },
  INBOX_OFF: { status: 404, meaning: 'Mail goes to a real relay, so there is no built-in inbox.' },
  EMAIL_NOT_WAITING: { status: 409, meaning: 'The email is being sent or has reached its end.' },
  KEY_NOT_ACTIVE: { status: 409, meaning: 'The key was revoked, replaced or has expired.' },
  IDEMPOTENCY_IN_PROGRESS: { status: 409, meaning: 'The first request with this Idempotency-Key is still running.' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, meaning: 'The Idempotency-Key was used before for another request.' },
  SERVICE_UNAVAILABLE: { status: 503, meaning: 'The database cannot be reached at the moment.' },
  INTERNAL_SERVER_ERROR: { status: 500, meaning: 'A fault of Posthorn; the log has it under the request id.' },
} as const satisfies Record<string, { status: number; meaning: string }>

export type ErrorCode = keyof typeof ERRORS

/** One wrong field: where it is (`to.0.email`), why it was refused, and a code to branch on. */
export interface FieldError {
  field: string
  message: string
  code: string
}
