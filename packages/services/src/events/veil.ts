import { createHmac } from 'node:crypto'
import { v4 } from 'uuid'
import { deriveKey } from '../secrets.ts'

/**
 * Another id for a contact, always the same, that nothing is found by. The real one has in it when the contact was made, so
 * whoever reads a public key off a page would learn of any address whether it was known before.
 */
export type Veil = (contactId: string) => string

export function createVeil(masterKey: string): Veil {
  const key = deriveKey(masterKey, 'veiled-contacts')
  return (contactId) => v4({ random: createHmac('sha256', key).update(contactId).digest().subarray(0, 16) })
}
