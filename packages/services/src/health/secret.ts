import type { Db } from '@posthorn/db'
import { SECRET_LENGTH } from '../master-secret.ts'
import { createSecretBox } from '../secrets.ts'
import type { HealthCheck } from './check.ts'

const name = 'secret'
const MOST_KEYS = 100

/** Whether the master key can be one at all, known without the database. */
export function checkSecretForm(secret: string | undefined): HealthCheck {
  if (secret === undefined) {
    return {
      name,
      status: 'wrong',
      message: 'There is no master key, so secret keys can be neither made nor shown.',
      advice: 'Set POSTHORN_SECRET to the master key of this instance.',
    }
  }
  if (secret.length >= SECRET_LENGTH) return { name, status: 'ok', message: 'The master key is long enough.' }
  return {
    name,
    status: 'wrong',
    message: `The master key has ${secret.length} characters instead of at least ${SECRET_LENGTH}.`,
    advice: 'Set POSTHORN_SECRET to a longer one: openssl rand -base64 32',
  }
}

/** Whether the master key is the one that the keys in the database were sealed with. */
export async function checkSecret(db: Db, secret: string | undefined): Promise<HealthCheck> {
  const form = checkSecretForm(secret)
  if (secret === undefined || form.status !== 'ok') return form
  const keys = await db
    .selectFrom('api_keys')
    .select(['id', 'encrypted'])
    .where('encrypted', 'is not', null)
    .where('revoked_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(MOST_KEYS)
    .execute()
  const box = createSecretBox(secret)
  const sealed = keys.filter(({ id, encrypted }) => encrypted !== null && !opens(() => box.open(encrypted, id)))
  if (sealed.length > 0) {
    return {
      name,
      status: 'wrong',
      message: `The master key does not open ${sealed.length} of ${keys.length} secret keys: they were sealed with another.`,
      advice: 'Set POSTHORN_SECRET to the one they were made with, or regenerate them.',
    }
  }
  const message =
    keys.length === 0 ? 'The master key is long enough.' : 'The master key opens the keys that were sealed with it.'
  return { name, status: 'ok', message }
}

function opens(open: () => string): boolean {
  try {
    open()
    return true
  } catch {
    return false
  }
}
