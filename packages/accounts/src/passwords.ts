import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { limited } from './limited.ts'

/** At least what OWASP asks of argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19 * 1024, passes: 2, parallelism: 1 } as const
const SALT_BYTES = 16
const HASH_BYTES = 32

export const PASSWORD_LENGTH = { min: 8, max: 256 } as const

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

// Each hash takes memory and a core: many at once would make everybody wait for everybody. The thread pool of Node,
// which runs them, serves files and name look-ups too.
const inTurn = limited(Math.max(1, Math.min(3, availableParallelism() - 1)))
const derive = promisify(argon2)

const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

/** The same letters typed on different keyboards are the same password (NIST SP 800-63B, section 3.1.1.2). */
const normal = (password: string) => password.normalize('NFKC')
const bytesOf = (password: string) => Buffer.from(normal(password))

/** Hashes a password, all of it, in the PHC format; off the event loop and a few at a time. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(SALT_BYTES)
  const hash = await inTurn(() =>
    derive('argon2id', { message: bytesOf(password), nonce, tagLength: HASH_BYTES, ...COST }),
  )
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(nonce)}$${base64(hash)}`
}

export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [, memory, passes, parallelism, nonce = '', expected = ''] = PHC.exec(hash) ?? []
  if (memory === undefined) throw new Error('a stored password hash has an unknown form')
  const known = Buffer.from(expected, 'base64')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const parameters = {
    message: bytesOf(password),
    nonce: Buffer.from(nonce, 'base64'),
    tagLength: known.length,
    ...cost,
  }
  return timingSafeEqual(await inTurn(() => derive('argon2id', parameters)), known)
}

// The first of those with eight letters or more of zxcvbn-ts’s list (MIT), whose source is leaked passwords by how
// often they were used.
const common = new Set(readFileSync(join(import.meta.dirname, 'common-passwords.txt'), 'utf8').split('\n'))

/** Why a password is not good enough, in one sentence; undefined where it is. */
export function passwordProblem(password: string): string | undefined {
  // Characters as people count them, not UTF-16 units.
  const length = Array.from(password).length
  if (length < PASSWORD_LENGTH.min) {
    return `A password has at least ${PASSWORD_LENGTH.min} characters, and better 15 or more.`
  }
  if (length > PASSWORD_LENGTH.max) return `A password has at most ${PASSWORD_LENGTH.max} characters.`
  return common.has(normal(password).toLowerCase())
    ? 'This is one of the passwords that are tried first: choose another.'
    : undefined
}
