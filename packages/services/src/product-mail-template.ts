/** What a link that works once is good by: a row of auth.verifications, or an invitation by the hash of its token. */
export type LinkLife = { verification: string } | { invitation: Buffer }

/** A mail of Posthorn’s own. All of it is text; what people chose, such as names, needs no care. */
export interface ProductMail {
  subject: string
  heading: string
  paragraphs: string[]
  action?: { label: string; url: string; livesBy?: LinkLife }
  /** What it is written in, and its words for `Or open this address:`. */
  language?: { tag: string; orOpen: string }
  /** Small print, such as what to do when one did not ask for this. */
  footnote?: string
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

const TEXT = 'margin:0 0 16px;font-size:16px;line-height:24px'
const BUTTON =
  'display:inline-block;padding:12px 20px;border-radius:8px;background:#1c4fd8;color:#ffffff;font-size:16px;text-decoration:none'

const ENGLISH = { tag: 'en', orOpen: 'Or open this address:' }

export function htmlOf({ subject, heading, paragraphs, action, footnote, language = ENGLISH }: ProductMail): string {
  const url = action === undefined ? '' : escape(action.url)
  return [
    `<!doctype html><html lang="${language.tag}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">',
    `<title>${escape(subject)}</title></head>`,
    '<body style="margin:0;padding:32px 16px;font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif">',
    '<div style="max-width:520px;margin:0 auto">',
    `<h1 style="margin:0 0 24px;font-size:22px;line-height:30px">${escape(heading)}</h1>`,
    ...paragraphs.map((paragraph) => `<p style="${TEXT}">${escape(paragraph)}</p>`),
    ...(action === undefined
      ? []
      : [
          `<p style="margin:24px 0"><a href="${url}" style="${BUTTON}">${escape(action.label)}</a></p>`,
          `<p style="margin:0 0 16px;font-size:13px;line-height:20px">${escape(language.orOpen)}<br>`,
          `<a href="${url}" style="word-break:break-all">${url}</a></p>`,
        ]),
    ...(footnote === undefined
      ? []
      : [
          `<p style="margin:24px 0 0;padding-top:16px;border-top:1px solid #8884;font-size:13px;line-height:20px">${escape(footnote)}</p>`,
        ]),
    '</div></body></html>',
  ].join('\n')
}

export function textOf({ heading, paragraphs, action, footnote }: ProductMail): string {
  const parts = [
    heading,
    ...paragraphs,
    ...(action === undefined ? [] : [`${action.label}:\n${action.url}`]),
    ...(footnote === undefined ? [] : [`--\n${footnote}`]),
  ]
  return `${parts.join('\n\n')}\n`
}
