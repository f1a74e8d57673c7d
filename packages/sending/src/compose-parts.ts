import { buildHeaderValue, encodeWords, parseHeaderValue } from 'nodemailer/lib/mime-funcs'
import { base64Lines, quotedPrintable } from './compose-encodings.ts'
import { ComposeError, field, requireOneLine } from './compose-headers.ts'

/** One node of the MIME tree (RFC 2045): its own fields, and its body in pieces that are joined once. Strings hold ASCII. */
export interface Part {
  fields: string[]
  body: (string | Buffer)[]
}

export interface ComposableAttachment {
  filename: string
  content: Buffer
  contentType: string
  /** The name under which the HTML shows it: `<img src="cid:…">`. */
  contentId?: string | undefined
  disposition?: 'attachment' | 'inline' | undefined
}

/** Longer lines of plain text are encoded, since some servers break them. */
const LONGEST_LINE = 76

export function textPart(subtype: 'plain' | 'html', content: string): Part {
  const text = withCrlf(content)
  const encoding = textEncoding(text)
  return {
    fields: [`Content-Type: text/${subtype}; charset=utf-8`, `Content-Transfer-Encoding: ${encoding}`],
    body: [encoding === '7bit' ? text : encoding === 'base64' ? base64Lines(Buffer.from(text)) : quotedPrintable(text)],
  }
}

/** Most texts have one kind of line break, and then no pattern is needed. */
function withCrlf(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n|\r|\n/g, '\r\n') : text.replaceAll('\n', '\r\n')
}

function hasLongLine(text: string): boolean {
  let start = 0
  for (let end = text.indexOf('\r\n'); end !== -1; end = text.indexOf('\r\n', start)) {
    if (end - start > LONGEST_LINE) return true
    start = end + 2
  }
  return text.length - start > LONGEST_LINE
}

function textEncoding(text: string): '7bit' | 'quoted-printable' | 'base64' {
  if (!/[^\t\r\n\x20-\x7e]/.test(text)) return hasLongLine(text) ? 'quoted-printable' : '7bit'
  let letters = 0
  let others = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0x7e) others++
    else if (code >= 0x41) letters++
  }
  return others < letters ? 'quoted-printable' : 'base64'
}

/** Several parts under one node; a single one needs no node of its own. */
export function multipart(subtype: string, parts: Part[], boundary: () => string): Part {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const mark = boundary()
  const body: Part['body'] = []
  for (const part of parts) {
    body.push(`--${mark}\r\n${part.fields.join('\r\n')}\r\n\r\n`, ...part.body, '\r\n')
  }
  body.push(`--${mark}--\r\n`)
  return { fields: [field('Content-Type', `multipart/${subtype}; boundary="${mark}"`)], body }
}

export function attachmentPart(attachment: ComposableAttachment): Part {
  requireOneLine('attachments', attachment.filename + attachment.contentType)
  const filename = attachment.filename.replace(/[/\\]/g, '_') || 'attachment'
  const { type, params } = mediaType(attachment)
  const encoding = type === 'message/rfc822' ? '7bit' : 'base64'
  const disposition = attachment.disposition ?? (attachment.contentId === undefined ? 'attachment' : 'inline')
  const fields = [
    field('Content-Type', `${buildHeaderValue({ value: type, params })}; name=${nameParameter(filename)}`),
    `Content-Transfer-Encoding: ${encoding}`,
    field('Content-Disposition', buildHeaderValue({ value: disposition, params: { filename } })),
  ]
  if (attachment.contentId !== undefined) fields.push(field('Content-ID', contentId(attachment.contentId)))
  return { fields, body: [encoding === '7bit' ? attachment.content : base64Lines(attachment.content)] }
}

function mediaType({ contentType, content }: ComposableAttachment): { type: string; params: Record<string, string> } {
  const { value, params } = parseHeaderValue(contentType.slice(0, 500), { stripComments: true })
  const type = value.trim().toLowerCase()
  // A message may not be encoded (RFC 2046, section 5.2.1), and a multipart's boundaries would be the attacker's.
  const isSound = /^[\w.+-]+\/[\w.+-]+$/.test(type) && !type.startsWith('multipart/')
  const canTravel = !type.startsWith('message/') || (type === 'message/rfc822' && travelsAsItIs(content))
  if (!isSound || !canTravel) return { type: 'application/octet-stream', params: {} }
  const kept = Object.entries(params).filter(([key]) => !/^(?:name|boundary)/i.test(key))
  return { type, params: Object.fromEntries(kept) }
}

function travelsAsItIs(content: Buffer): boolean {
  const text = content.toString('latin1')
  return /^(?:[\t\x20-\x7e]{0,998}\r\n)*[\t\x20-\x7e]{0,998}$/.test(text)
}

/** Older programs read the name here and as encoded words, whatever RFC 2047 says about quoted strings. */
function nameParameter(filename: string): string {
  return JSON.stringify(encodeWords(filename, 'B', 52, true))
}

function contentId(id: string): string {
  const bare = id.replace(/^<|>$/g, '')
  if (!/^[!-;=?-~]{1,250}$/.test(bare)) throw new ComposeError('contentId', 'blanks and brackets are not allowed')
  return `<${bare}>`
}
