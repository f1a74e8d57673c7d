import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { TestApi } from './start-test-api.ts'

/** What an authenticator shows (RFC 6238) for the secret in an `otpauth:` address. */
export function codeOf(uri: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = (new URL(uri).searchParams.get('secret') ?? '')
    .split('')
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0')
}

/** As if the half minutes were over whose codes were used, and everybody had new ones; other waits stay. */
export const forgetUsedCodes = ({ db }: Pick<TestApi, 'db'>) =>
  sql`delete from auth.attempts where count = 1 and blocked_until > last_at + interval '1 minute'`.execute(db)
