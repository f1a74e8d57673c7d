import { createHmac, timingSafeEqual } from 'node:crypto'
import type { RecipientLinks } from '@posthorn/rendering'
import { parse, stringify } from 'uuid'
import type { Runtime } from '../runtime.ts'
import { deriveKey } from '../secrets.ts'

export const LINK_PURPOSES = ['unsubscribe', 'subscribe', 'manage', 'confirm'] as const

/** What a link lets its holder do. A link for one thing is none for another. */
export type LinkPurpose = (typeof LINK_PURPOSES)[number]

/** Whose link it is. */
export interface Linked {
  projectId: string
  contactId: string
}

/** Its token, and the topic that it is about, if it is about one alone. */
export interface LinkParts {
  token: string
  topic?: string | undefined
}

export interface LinkSigner {
  sign(purpose: LinkPurpose, linked: Linked, topic?: string): string
  /** Undefined where not every bit of the token is as it was signed for this purpose. */
  read(purpose: LinkPurpose, parts: LinkParts): Linked | undefined
}

const ID_BYTES = 16
/** Together with two ids it makes 64 characters without padding, so that each token has one spelling. */
const SIGNATURE_BYTES = 16
const TOKEN = /^[\w-]{64}$/

/** Signs links that hold for as long as the master key does: mail is read years after it was sent. */
export function createLinkSigner(masterKey: string): LinkSigner {
  const key = deriveKey(masterKey, 'recipient-links')
  const signatureOf = (purpose: string, ids: Uint8Array) =>
    createHmac('sha256', key).update(`${purpose}:`).update(ids).digest().subarray(0, SIGNATURE_BYTES)
  return {
    sign(purpose, { projectId, contactId }, topic) {
      const ids = Buffer.concat([parse(projectId), parse(contactId)])
      return Buffer.concat([ids, signatureOf(about(purpose, topic), ids)]).toString('base64url')
    },
    read(purpose, { token, topic }) {
      if (!TOKEN.test(token)) return undefined
      const bytes = Buffer.from(token, 'base64url')
      const ids = bytes.subarray(0, 2 * ID_BYTES)
      if (!timingSafeEqual(bytes.subarray(2 * ID_BYTES), signatureOf(about(purpose, topic), ids))) return undefined
      return { projectId: stringify(ids), contactId: stringify(ids, ID_BYTES) }
    },
  }
}

/** No topic has a slash in its id. */
const about = (purpose: LinkPurpose, topic: string | undefined) =>
  topic === undefined ? purpose : `${purpose}/${topic}`

type Signing = Pick<Runtime, 'links' | 'publicUrl'>

/** The links that stand in mail to one contact; those in mail of a topic choose and leave that topic. */
export function recipientLinks({ links, publicUrl }: Signing, linked: Linked, topic?: string): RecipientLinks {
  const all = linksBy(publicUrl, (purpose) => links.sign(purpose, linked))
  if (topic === undefined) return all
  const ofTopic = linksBy(publicUrl, (purpose) => `${links.sign(purpose, linked, topic)}/${topic}`)
  return { ...ofTopic, manageUrl: all.manageUrl }
}

/** The link by which a person says that it was they who asked. */
export const confirmationLink = ({ links, publicUrl }: Signing, projectId: string, confirmationId: string) =>
  `${publicUrl}/confirm/${links.sign('confirm', { projectId, contactId: confirmationId })}`

/** Links of the same form that lead nowhere, for what is shown and not sent. */
export const exampleLinks = ({ publicUrl }: Pick<Runtime, 'publicUrl'>) => linksBy(publicUrl, () => 'example')

const linksBy = (publicUrl: string, token: (purpose: LinkPurpose) => string): RecipientLinks => ({
  unsubscribeUrl: `${publicUrl}/unsubscribe/${token('unsubscribe')}`,
  subscribeUrl: `${publicUrl}/subscribe/${token('subscribe')}`,
  manageUrl: `${publicUrl}/manage/${token('manage')}`,
})
