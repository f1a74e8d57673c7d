import { isOwnHeader } from '@posthorn/contracts/headers'
import type { Mailbox } from './addresses.ts'
import { attachmentPart, multipart, textPart } from './compose-parts.ts'
import type { ComposableAttachment, Part } from './compose-parts.ts'
import { callerField, ComposeError, mailboxField, requireAddress, textField } from './compose-headers.ts'

export interface ComposableMail {
  /** A UUID; the Message-ID and the MIME boundaries are made of it, so that a retry has the same bytes. */
  id: string
  from: Mailbox
  to: Mailbox
  cc: readonly Mailbox[]
  replyTo?: Mailbox | undefined
  subject: string
  html?: string | undefined
  text?: string | undefined
  headers: Readonly<Record<string, string>>
  attachments: readonly ComposableAttachment[]
  date: Date
}

/** The Message-ID of a mail, angle brackets included: the same for every attempt. */
export function messageId({ id, from }: Pick<ComposableMail, 'id' | 'from'>): string {
  if (!/^[\w.-]{1,60}$/.test(id)) throw new ComposeError('id', 'not an id')
  const sender = requireAddress('from', from.email)
  return `<${id}@${sender.slice(sender.lastIndexOf('@') + 1)}>`
}

/**
 * The bytes of a message (RFC 5322): ASCII only, CRLF only, no line over 998 bytes, so that any relay takes it.
 * The same mail always gives the same bytes. Throws `ComposeError` where no valid message exists.
 */
export function compose(mail: ComposableMail): Buffer {
  const root = bodyOf(mail)
  const head = [...headersOf(mail), 'MIME-Version: 1.0', ...root.fields, '', ''].join('\r\n')
  const pieces = [head, ...root.body]
  const last = pieces.at(-1) ?? ''
  if (!endsLine(last)) pieces.push('\r\n')
  if (pieces.every((piece) => typeof piece === 'string')) return Buffer.from(pieces.join(''), 'latin1')
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)))
}

function headersOf(mail: ComposableMail): string[] {
  if (Number.isNaN(mail.date.getTime())) throw new ComposeError('date', 'not a date')
  const headers = [mailboxField('From', [mail.from]), mailboxField('To', [mail.to])]
  if (mail.cc.length > 0) headers.push(mailboxField('Cc', mail.cc))
  if (mail.replyTo !== undefined) headers.push(mailboxField('Reply-To', [mail.replyTo]))
  if (mail.subject.trim() !== '') headers.push(textField('Subject', mail.subject))
  headers.push(`Message-ID: ${messageId(mail)}`, `Date: ${mail.date.toUTCString().replace('GMT', '+0000')}`)
  headers.push(...callerFields(mail.headers))
  return headers
}

function callerFields(headers: ComposableMail['headers']): string[] {
  const fields = new Map<string, string>()
  for (const [name, value] of Object.entries(headers)) {
    const line = isOwnHeader(name) ? undefined : callerField(name, value)
    if (line !== undefined) fields.set(name.toLowerCase(), line)
  }
  return [...fields.values()]
}

function bodyOf(mail: ComposableMail): Part {
  let boundaries = 0
  // `=_` occurs in no base64 and no quoted-printable text, so a boundary cannot occur in a body by accident.
  const boundary = () => `=_${mail.id}_${++boundaries}`
  const isRelated = ({ contentId, disposition }: ComposableAttachment) =>
    Boolean(mail.html) && contentId !== undefined && disposition !== 'attachment'

  const alternatives: Part[] = []
  if (mail.text) alternatives.push(textPart('plain', mail.text))
  if (mail.html) {
    const images = mail.attachments.filter(isRelated).map(attachmentPart)
    alternatives.push(multipart('related; type="text/html"', [textPart('html', mail.html), ...images], boundary))
  }
  const attached = mail.attachments.filter((attachment) => !isRelated(attachment)).map(attachmentPart)
  if (alternatives.length === 0 && attached.length === 0) return textPart('plain', '')
  const content = alternatives.length === 0 ? [] : [multipart('alternative', alternatives, boundary)]
  return multipart('mixed', [...content, ...attached], boundary)
}

function endsLine(piece: string | Buffer): boolean {
  return piece.length >= 2 && piece.slice(-2).toString('latin1') === '\r\n'
}
