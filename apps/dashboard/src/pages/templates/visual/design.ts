import type { JsonValue } from '@posthorn/contracts'

/** A node of the document that the visual editor works on, as TipTap writes it. */
export interface DesignNode {
  type?: string
  attrs?: Record<string, unknown>
  content?: DesignNode[]
  text?: string
  marks?: { type: string; attrs?: Record<string, unknown> }[]
}

/** What is stored beside the body that was made of it. */
export interface Design {
  /** Whose document it is, so that one of another editor is not taken for ours. */
  editor: typeof EDITOR
  document: DesignNode
}

export const EDITOR = 'posthorn-1'

/** The design that a form holds as JSON; undefined where there is none that this editor has made. */
export function readDesign(json: string): Design | undefined {
  if (json === '') return undefined
  const design = JSON.parse(json) as Partial<Design> | null // Safe because the form was given it by `JSON.stringify`.
  return design?.editor === EDITOR && design.document !== undefined ? (design as Design) : undefined
}

export const designOf = (document: DesignNode): Design & Record<string, JsonValue> =>
  ({ editor: EDITOR, document }) as Design & Record<string, JsonValue> // Safe because a document is JSON.

export const writeDesign = (document: DesignNode): string => orderedJson(designOf(document))

/** As JSON whose fields have one order, since a database has one of its own, and the same is to be the same. */
export const orderedJson = (value: unknown): string => JSON.stringify(value, ordered)

const ordered = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** The editor keeps an empty line at the end, so that one can always go on, which is none of the mail. */
export function withoutLastBlank(document: DesignNode): DesignNode {
  const nodes = document.content ?? []
  const last = nodes.at(-1)
  const isBlank = last?.type === 'paragraph' && (last.content ?? []).length === 0
  return isBlank && nodes.length > 1 ? { ...document, content: nodes.slice(0, -1) } : document
}

/** What a placeholder is called in Liquid. */
export function liquidOf(name: string, fallback: string): string {
  const path = /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name) ? name : `data[${quoted(name)}]`
  return fallback === '' ? `{{ ${path} }}` : `{{ ${path} ?? ${quoted(fallback)} }}`
}

/** Liquid has no way to write a quote inside of its own kind. */
const quoted = (text: string) => (text.includes('"') ? `'${text.replaceAll("'", '’')}'` : `"${text}"`)

/** Says why one gets the mail, and how not to. */
export const FOOTER: DesignNode = {
  type: 'mailFooter',
  content: [
    {
      type: 'paragraph',
      content: [
        { type: 'text', text: 'You get this mail because you subscribed to it. ' },
        { type: 'text', text: 'Unsubscribe', marks: [{ type: 'link', attrs: { href: '{{ unsubscribeUrl }}' } }] },
      ],
    },
  ],
}

/** An attribute as text; empty where it is none. */
export function attributeText(attributes: Record<string, unknown>, name: string): string {
  const value = attributes[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
