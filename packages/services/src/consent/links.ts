import { createHmac, timingSafeEqual } from 'node:crypto'
import type { RecipientLinks } from '@posthorn/rendering'
import { parse, stringify } from 'uuid'
import type { Runtime } from '../runtime.ts'
import { deriveKey } from '../secrets.ts'

export const LINK_PURPOSES = ['unsubscribe', 'subscribe', 'manage'] as const

/** What a link lets its holder do. A link for one thing is none for another. */
export type LinkPurpose = (typeof LINK_PURPOSES)[number]

/** Whose link it is. */
export interface Linked {
  projectId: string
  contactId: string
}

export interface LinkSigner {
  sign(purpose: LinkPurpose, linked: Linked): string
  /** Undefined where not every bit of the token is as it was signed for this purpose. */
  read(purpose: LinkPurpose, token: string): Linked | undefined
}

const ID_BYTES = 16
/** Together with two ids it makes 64 characters without padding, so that each token has one spelling. */
const SIGNATURE_BYTES = 16
const TOKEN = /^[\w-]{64}$/

/** Signs links that hold for as long as the master key does: mail is read years after it was sent. */
export function createLinkSigner(masterKey: string): LinkSigner {
  const key = deriveKey(masterKey, 'recipient-links')
  const signatureOf = (purpose: LinkPurpose, ids: Uint8Array) =>
    createHmac('sha256', key).update(`${purpose}:`).update(ids).digest().subarray(0, SIGNATURE_BYTES)
  return {
    sign(purpose, { projectId, contactId }) {
      const ids = Buffer.concat([parse(projectId), parse(contactId)])
      return Buffer.concat([ids, signatureOf(purpose, ids)]).toString('base64url')
    },
    read(purpose, token) {
      if (!TOKEN.test(token)) return undefined
      const bytes = Buffer.from(token, 'base64url')
      const ids = bytes.subarray(0, 2 * ID_BYTES)
      if (!timingSafeEqual(bytes.subarray(2 * ID_BYTES), signatureOf(purpose, ids))) return undefined
      return { projectId: stringify(ids), contactId: stringify(ids, ID_BYTES) }
    },
  }
}

/** The links that stand in mail to one contact. */
export const recipientLinks = ({ links, publicUrl }: Pick<Runtime, 'links' | 'publicUrl'>, linked: Linked) =>
  linksBy(publicUrl, (purpose) => links.sign(purpose, linked))

/** Links of the same form that lead nowhere, for what is shown and not sent. */
export const exampleLinks = ({ publicUrl }: Pick<Runtime, 'publicUrl'>) => linksBy(publicUrl, () => 'example')

const linksBy = (publicUrl: string, token: (purpose: LinkPurpose) => string): RecipientLinks => ({
  unsubscribeUrl: `${publicUrl}/unsubscribe/${token('unsubscribe')}`,
  subscribeUrl: `${publicUrl}/subscribe/${token('subscribe')}`,
  manageUrl: `${publicUrl}/manage/${token('manage')}`,
})
