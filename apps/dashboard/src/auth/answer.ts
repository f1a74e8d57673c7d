import { OtherRefusal } from '../api/problem.ts'
import { reactions } from '../api/reactions.ts'

interface AuthError {
  code?: string | undefined
  message?: string | undefined
  status: number
}

type Answer<Data> = { data: Data; error: null } | { data: null; error: AuthError }

/** In place of the library's words, where they say too little of what to do. */
const WORDS: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: 'E-mail address or password is wrong.',
  INVALID_CODE: 'This code is wrong, or its time has passed. Try the one that is shown now.',
  INVALID_BACKUP_CODE: 'This recovery code is wrong, or was used before.',
  INVALID_TWO_FACTOR_COOKIE: 'Signing in took too long. Begin again with the password.',
  INVALID_TOKEN: 'This link was used before or has expired. Ask for a new one.',
  AUTH_CANCELLED: 'No passkey was chosen.',
  ERROR_CEREMONY_ABORTED: 'No passkey was chosen.',
  PASSKEY_NOT_FOUND: 'This passkey belongs to no account here.',
}

/**
 * Calls the account library, and throws what a form can show. A call that needs a fresh proof waits for it and is then
 * made again, as it is with tRPC.
 *
 * @param fields which field of the form a code is about
 */
export async function answered<Data>(
  call: () => Promise<Answer<Data> | { data: Data | null; error: AuthError | null }>,
  fields: Record<string, string> = {},
): Promise<NonNullable<Data>> {
  const { data, error } = await once(call)
  if (error === null) return data as NonNullable<Data> // Safe because without an error there is an answer.
  if (error.code !== 'PROOF_NEEDED') throw refusalOf(error, fields)
  if (!(await reactions().proofNeeded()))
    throw new OtherRefusal('Nothing was changed: it takes a proof that it is you.')
  const second = await once(call)
  if (second.error !== null) throw refusalOf(second.error, fields)
  return second.data as NonNullable<Data> // Safe as above.
}

async function once<Answered>(call: () => Promise<Answered>): Promise<Answered> {
  try {
    return await call()
  } catch (error) {
    throw new OtherRefusal('Posthorn cannot be reached. Check the network, then try again.', [], { cause: error })
  }
}

function refusalOf({ code = '', message, status }: AuthError, fields: Record<string, string>): OtherRefusal {
  if (status === 401 && code === 'SIGN_IN_NEEDED') reactions().signInNeeded()
  const words = WORDS[code] ?? message ?? 'This did not work.'
  const field = fields[code]
  return new OtherRefusal(words, field === undefined ? [] : [{ field, message: words, code }])
}
