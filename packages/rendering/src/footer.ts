import type { Rendered } from './template.ts'
import { seenLinks } from './seen-links.ts'
import { seenWords } from './seen-words.ts'

/** What marketing mail says of who sends it, and how to get no more of it. */
export interface Footer {
  projectName: string
  postalAddress: string
  links: { unsubscribeUrl: string; manageUrl: string }
  /** A tag such as `de-AT`. */
  language: string
}

const UNSUBSCRIBE: Record<string, string> = {
  de: 'Abmelden',
  fr: 'Se désabonner',
  es: 'Darse de baja',
  it: 'Annulla l’iscrizione',
  nl: 'Afmelden',
}

/** Adds what is missing, to each part by itself: the sender with its address, and a way out. */
export function withFooter<Mail extends Pick<Rendered, 'html' | 'text'>>(mail: Mail, footer: Footer): Mail {
  const { html, text } = mail
  return {
    ...mail,
    html:
      html === null
        ? null
        : inHtml(html, htmlLines(footer, lacks(html, footer, { read: seenWords, leadsTo: linksTo }))),
    text: text === null ? null : inText(text, textLines(footer, lacks(text, footer, { read: asIs, leadsTo: names }))),
  }
}

/** The parts that do not name the postal address, however it is broken into lines. */
export function partsWithoutAddress(
  { html, text }: Pick<Rendered, 'html' | 'text'>,
  postalAddress: string,
): ('html' | 'text')[] {
  const lacksIn = (source: string | null, read: Reading) => source !== null && !hasAddress(source, read, postalAddress)
  return [...(lacksIn(html, seenWords) ? ['html' as const] : []), ...(lacksIn(text, asIs) ? ['text' as const] : [])]
}

const asIs = (text: string) => text

interface Lacking {
  address: boolean
  wayOut: boolean
}

type Reading = (source: string) => string

interface Senses {
  read: Reading
  /** Whether one of these addresses can be gone to. */
  leadsTo(source: string, urls: readonly string[]): boolean
}

const lacks = (source: string, { postalAddress, links }: Footer, { read, leadsTo }: Senses): Lacking => ({
  address: !hasAddress(source, read, postalAddress),
  wayOut: !leadsTo(source, [links.unsubscribeUrl, links.manageUrl]),
})

const names = (source: string, urls: readonly string[]) => urls.some((url) => source.includes(url))

/** Only HTML that has the address anywhere is read for where it stands. */
function linksTo(html: string, urls: readonly string[]): boolean {
  if (!names(html, urls)) return false
  const links = seenLinks(html)
  return urls.some((url) => links.has(url))
}

/** How far around a word of the address the others are looked for, with all that stands between them. */
const AROUND = 2_000

/** Most mail is told apart by a single word, and no more of it is compared than stands around that. */
function hasAddress(source: string, read: Reading, postalAddress: string): boolean {
  const wanted = letters(postalAddress)
  const [word] = /[\p{L}\p{N}]{3,}/u.exec(postalAddress) ?? []
  if (word === undefined) return letters(read(source)).includes(wanted)
  if (!source.includes(word)) return false
  const words = read(source)
  for (let at = words.indexOf(word); at !== -1; at = words.indexOf(word, at + AROUND)) {
    if (letters(words.slice(Math.max(0, at - AROUND), at + 2 * AROUND)).includes(wanted)) return true
  }
  return false
}

/** Line ends, commas and the like are the author's. */
const letters = (text: string) => text.normalize('NFC').replace(/[^\p{L}\p{N}]+/gu, '')

const lines = ({ projectName, postalAddress }: Footer) => [projectName, ...postalAddress.split(/\r?\n/)]

const unsubscribeIn = ({ language }: Footer) =>
  UNSUBSCRIBE[language.toLowerCase().split('-', 1)[0] ?? ''] ?? 'Unsubscribe'

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')

function htmlLines(footer: Footer, { address, wayOut }: Lacking): string[] {
  const href = escape(footer.links.unsubscribeUrl)
  return [
    ...(address ? lines(footer).map(escape) : []),
    ...(wayOut ? [`<a href="${href}" style="color:inherit">${escape(unsubscribeIn(footer))}</a>`] : []),
  ]
}

function textLines(footer: Footer, { address, wayOut }: Lacking): string[] {
  return [
    ...(address ? lines(footer) : []),
    ...(wayOut ? [`${unsubscribeIn(footer)}: ${footer.links.unsubscribeUrl}`] : []),
  ]
}

const STYLE =
  'margin:0;padding:24px 16px;text-align:center;font-family:sans-serif;font-size:12px;line-height:18px;color:#6b7280'

function inHtml(html: string, added: string[]): string {
  if (added.length === 0) return html
  const block = `<div style="${STYLE}">${added.join('<br>')}</div>`
  const end = endOfBody(html)
  return `${html.slice(0, end)}${block}${html.slice(end)}`
}

/** Where the body ends, or the document. An end tag inside a comment is none. */
function endOfBody(html: string): number {
  for (const tag of [/<\/body/gi, /<\/html/gi]) {
    // Not in lower case, in which some letters become two.
    const end = [...html.matchAll(tag)].at(-1)?.index
    if (end === undefined) continue
    const opened = html.lastIndexOf('<!--', end)
    const isComment = opened !== -1 && !html.slice(opened, end).includes('-->')
    if (!isComment) return end
  }
  return html.length
}

const inText = (text: string, added: string[]): string =>
  added.length === 0 ? text : `${text.trimEnd()}\n\n${added.join('\n')}\n`
