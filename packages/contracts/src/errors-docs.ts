import { ERRORS } from './errors.ts'

/** The table of errors as a Markdown page, so that the documents never disagree with the code. */
export function errorsPage(): string {
  const rows = Object.entries(ERRORS)
    .toSorted(([, a], [, b]) => a.status - b.status)
    .map(([code, { status, meaning, remedy }]) => `| ${status} | \`${code}\` | ${meaning} | ${remedy} |`)
  return [
    '# Errors',
    '',
    'Every refusal has one shape. Branch on `error.code`: codes never change their meaning, messages may.',
    '',
    '```json',
    JSON.stringify(EXAMPLE, null, 2),
    '```',
    '',
    '- `errors` names the fields that are missing or wrong, and `suggestion` says what to do; both may be absent.',
    '- `requestId` is also the header `X-Request-ID`, and finds the request in the log.',
    '- A 401 carries `WWW-Authenticate`, a 405 `Allow`, and a 503 `Retry-After`, as do `RATE_LIMITED` and `TOO_MANY_TRIES`.',
    '- What is not well-formed HTTP is answered in the same shape.',
    '- `/ready` has `status`, `reason` and `checks` beside it when it is not ready.',
    '- Over tRPC, `error.message` says the same, and `error.data` holds `apiCode`, `requestId`, `errors` and `suggestion`.',
    '',
    '| status | code | meaning | what to do |',
    '| ---: | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

const EXAMPLE = {
  success: false,
  error: {
    code: 'VALIDATION_ERROR',
    message: 'The request has fields that are missing or wrong.',
    statusCode: 422,
    requestId: '01936f2e-5a5b-7c1e-8f43-2d6f0b7a9c11',
    errors: [
      {
        field: 'to.0.email',
        message: 'Not an e-mail address: the domain after the @ is malformed.',
        code: 'invalid_string',
      },
    ],
  },
  message:
    'The request has fields that are missing or wrong: `to.0.email`: Not an e-mail address: the domain after the @ is malformed.',
  timestamp: '2026-01-31T09:30:00.000Z',
}
