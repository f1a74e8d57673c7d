import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { KeyKind } from '@posthorn/contracts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_LENGTH = 32
const CHECKSUM_LENGTH = 6
// Not `sk_live_` or `sk_test_`: secret scanners report those as another vendor's.
const PREFIX: Record<KeyKind, string> = { secret: 'sk_ph_', public: 'pk_ph_' }
const KEY = /^(sk|pk)_ph_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/

function checksum(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits
    rest = Math.floor(rest / ALPHABET.length)
  }
  return digits
}

/** A new key: a prefix that names product and kind, 190 random bits, and a checksum that catches typos. */
export function makeKey(kind: KeyKind): string {
  let body = PREFIX[kind]
  for (let index = 0; index < SECRET_LENGTH; index += 1) body += ALPHABET.charAt(randomInt(ALPHABET.length))
  return body + checksum(body)
}

/** Whether text can be a key at all, known without asking the database. */
export function isKey(text: string): boolean {
  return KEY.test(text) && checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH)
}

/** What a key is looked up by. A fast hash is right for a secret that cannot be guessed. */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest()

/** How people recognise a key that is not shown: `sk_ph_••••1234`. */
export const hintOf = (key: string): string => `${key.slice(0, 6)}••••${key.slice(-4)}`
