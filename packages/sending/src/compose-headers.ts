import { encodeWord, foldLines, quoteString } from 'nodemailer/lib/mime-funcs'
import { asciiAddress } from './addresses.ts'
import type { Mailbox } from './addresses.ts'

/** A mail that cannot be put into valid form, whatever is tried; the mail is at fault, not the relay. */
export class ComposeError extends Error {
  readonly field: string

  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`)
    this.name = 'ComposeError'
    this.field = field
  }
}

const LINE_LENGTH = 76
/** RFC 5322, section 2.1.1: 998 without the line break, less the space of a folded line. */
const LONGEST_TOKEN = 997

/** Refuses what would end a header line early for some reader. */
export function requireOneLine(field: string, value: string): void {
  if (/[\0\r\n\u0085\u2028\u2029]/.test(value)) throw new ComposeError(field, 'line breaks and NUL are not allowed')
}

/** `Name: value`, folded; without the line break at its end. */
export function field(name: string, value: string): string {
  const line = `${name}: ${value}`
  return line.length <= LINE_LENGTH ? line : foldLines(line, LINE_LENGTH)
}

/** A field whose text people read, as encoded words (RFC 2047) where plain ASCII would not carry it. */
export function textField(name: string, value: string): string {
  requireOneLine(name, value)
  const text = value.trim()
  return field(name, isPlain(text, LINE_LENGTH - 6) ? text : encodedWords(text))
}

/** A caller's field: programs may read it, so it stays as it is whenever lines of 998 bytes can hold it. */
export function callerField(name: string, value: string): string | undefined {
  if (!/^[!-9;-~]{1,200}$/.test(name))
    throw new ComposeError('headers', `not a header name: ${JSON.stringify(name.slice(0, 100))}`)
  requireOneLine(name, value)
  const text = value.trim()
  if (text === '') return undefined
  return field(name, isPlain(text, LONGEST_TOKEN) ? text : encodedWords(text))
}

export function mailboxField(name: string, mailboxes: readonly Mailbox[]): string {
  return field(name, mailboxes.map((mailbox) => formatMailbox(name, mailbox)).join(', '))
}

/** The address as it may stand in a header or an envelope. */
export function requireAddress(field: string, email: string): string {
  const address = asciiAddress(email)
  if (address === undefined)
    throw new ComposeError(field, `not an address that can be sent to: ${JSON.stringify(email.slice(0, 320))}`)
  return address
}

function formatMailbox(field: string, { email, name }: Mailbox): string {
  const address = requireAddress(field, email)
  const text = name?.trim() ?? ''
  requireOneLine(field, text)
  return text === '' ? (/["[]/.test(address) ? `<${address}>` : address) : `${phrase(text)} <${address}>`
}

function phrase(name: string): string {
  if (!isPlain(name, LINE_LENGTH - 6)) return encodedWords(name)
  return /^[\w ]*$/.test(name) ? name : quoteString(name)
}

/**
 * ASCII that reads the same to everybody and can be folded: `=?` would be decoded by some readers,
 * and a line made of blanks alone would end the headers for others.
 */
function isPlain(text: string, longestToken: number): boolean {
  if (!/^[\x20-\x7e]*$/.test(text) || text.includes('=?')) return false
  if (text.length <= LINE_LENGTH / 2) return true
  return !/ {30}/.test(text) && text.split(' ').every((token) => token.length <= longestToken)
}

function encodedWords(text: string): string {
  const letters = text.replace(/[^A-Za-z]/g, '').length
  const others = text.replace(/[\x20-\x7e]/g, '').length
  return encodeWord(text, others < letters ? 'Q' : 'B', 52)
}
