import { createHash } from 'node:crypto'

const STYLE = `
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:32rem;padding:10vh 1.25rem;color:#18181b;background:#fff}
h1{font-size:1.25rem;line-height:1.4;overflow-wrap:anywhere}
form{margin:1rem 0}
fieldset{margin:0 0 1rem;padding:0;border:0}
legend{padding:0;font-weight:600}
label{display:flex;gap:.75rem;align-items:flex-start;padding:.625rem 0;overflow-wrap:anywhere}
label span{flex:1}
input[type=checkbox]{flex:none;width:1.25rem;height:1.25rem;margin:.125rem 0}
small{display:block}
button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.25rem;border:1px solid #18181b;border-radius:.5rem;
color:#fff;background:#18181b;cursor:pointer}
button.quiet{color:inherit;background:none}
button:focus-visible,input:focus-visible{outline:3px solid #2563eb;outline-offset:2px}
@media(prefers-color-scheme:dark){body{color:#f4f4f5;background:#18181b}button{color:#18181b;background:#f4f4f5;border-color:#f4f4f5}}`

/** Nothing runs, nothing is loaded, and the page’s own forms lead back here. */
export const CONTENT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const page = (language: string, content: string, title: string) => `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex,nofollow"><title>${escape(title)}</title><style>${STYLE}</style></head>
<body><main>${content}</main></body></html>
`

/** Puts names into their places; what they contain is never read as a place again. */
export const fillWords = (text: string, names: Record<'address' | 'project' | 'topic', string>): string =>
  text.replaceAll(/\{(address|project|topic)\}/g, (_, name: keyof typeof names) => names[name])

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escape = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] as string) // Safe because the table has all five.
