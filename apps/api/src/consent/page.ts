import { createHash } from 'node:crypto'
import type { LinkPurpose, Recipient } from '@posthorn/services'
import { wordsFor } from './words.ts'

const STYLE = `
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:32rem;padding:10vh 1.25rem;color:#18181b;background:#fff}
h1{font-size:1.25rem;line-height:1.4;overflow-wrap:anywhere}
button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.25rem;border:1px solid #18181b;border-radius:.5rem;
color:#fff;background:#18181b;cursor:pointer}
button.quiet{color:inherit;background:none}
button:focus-visible{outline:3px solid #2563eb;outline-offset:2px}
@media(prefers-color-scheme:dark){body{color:#f4f4f5;background:#18181b}button{color:#18181b;background:#f4f4f5;border-color:#f4f4f5}}`

/** Nothing runs, nothing is loaded, and the page’s own forms lead back here. */
export const CONTENT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export interface Shown {
  purpose: LinkPurpose
  recipient: Recipient
  /** Where the buttons lead. */
  tokens: { subscribe: string; unsubscribe: string }
}

/** Says how things stand, and offers the other way. */
export function consentPage({ purpose, recipient, tokens }: Shown): string {
  const { language, words } = wordsFor(recipient.language)
  const fill = (text: string) =>
    text.replaceAll(/\{(address|project)\}/g, (_, name) =>
      name === 'address' ? maskAddress(recipient.email) : recipient.projectName,
    )
  const wanted = recipient.subscribed ? 'unsubscribe' : 'subscribe'
  const isAsked = purpose === wanted
  const isOut = !recipient.subscribed
  const state = isOut ? words.unsubscribed : words.subscribed
  const question = isOut ? words.askSubscribe : words.askUnsubscribe
  const note = isOut && !isAsked ? `<p>${escape(words.exceptions)}</p>` : ''
  const form = `<form method="post" action="../${wanted}/${tokens[wanted]}">
<button${isAsked ? '' : ' class="quiet"'}>${escape(words[wanted])}</button></form>`
  const heading = fill(isAsked ? question : state)
  return page(language, `<h1>${escape(heading)}</h1>${note}${form}`, recipient.projectName)
}

/** For links that were good once, and for those that never were. */
export function lonePage(which: 'gone' | 'notFound', tag: string): string {
  const { language, words } = wordsFor(tag)
  return page(language, `<h1>${escape(words[which])}</h1>`, 'Posthorn')
}

const page = (language: string, content: string, title: string) => `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex,nofollow"><title>${escape(title)}</title><style>${STYLE}</style></head>
<body><main>${content}</main></body></html>
`

/** Enough for whose it is to know it, and nothing for who found the link. */
export function maskAddress(email: string): string {
  const at = email.lastIndexOf('@')
  const [first = ''] = email.slice(0, at)
  return `${first}•••${email.slice(at)}`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escape = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] as string) // Safe because the table has all five.
