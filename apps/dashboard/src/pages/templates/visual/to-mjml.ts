import { attributeText, liquidOf, withoutLastBlank, type DesignNode } from './design.ts'

const FONT = 'Helvetica, Arial, sans-serif'
const INK = '#1f2933'
const LINK = '#1d4f91'

const HEAD = `  <mj-head>
    <mj-attributes>
      <mj-all font-family="${FONT}" />
      <mj-text font-size="16px" line-height="1.5" color="${INK}" padding="6px 24px" />
      <mj-button background-color="${LINK}" color="#ffffff" font-size="16px" border-radius="4px" padding="12px 24px" />
      <mj-image padding="8px 24px" />
      <mj-divider border-width="1px" border-color="#d5dae1" padding="12px 24px" />
    </mj-attributes>
  </mj-head>`

const HEADING_PX: Record<string, number> = { 1: 28, 2: 22, 3: 18 }

/**
 * The MJML that a design stands for. The server makes HTML of it when it is saved: tables, styles in their places, and
 * what Outlook needs.
 */
export function toMjml(document: DesignNode): string {
  const sections = sectionsOf(withoutLastBlank(document).content ?? [])
  return `<mjml>\n${HEAD}\n  <mj-body background-color="#f3f4f6" width="600px">\n${sections.join('\n')}\n  </mj-body>\n</mjml>\n`
}

/** Blocks that follow each other share a section; columns and the footer have one of their own. */
function sectionsOf(nodes: readonly DesignNode[]): string[] {
  const sections: string[] = []
  let together: DesignNode[] = []
  const close = () => {
    if (together.length > 0) sections.push(section([column(together)]))
    together = []
  }
  for (const node of nodes) {
    if (node.type !== 'columns' && node.type !== 'mailFooter') {
      together.push(node)
      continue
    }
    close()
    sections.push(node.type === 'columns' ? columnsOf(node) : footerOf(node))
  }
  close()
  return sections
}

const section = (columns: readonly string[], attributes = ' background-color="#ffffff" padding="12px 0"') =>
  `    <mj-section${attributes}>\n${columns.join('\n')}\n    </mj-section>`

const column = (nodes: readonly DesignNode[]) =>
  `      <mj-column>\n${nodes.map((node) => `        ${blockOf(node)}`).join('\n')}\n      </mj-column>`

const columnsOf = ({ content = [] }: DesignNode) => section(content.map((part) => column(part.content ?? [])))

const footerOf = ({ content = [] }: DesignNode) => {
  const lines = content.map(
    (node) =>
      `        <mj-text font-size="13px" color="#5b6673" align="center" padding="2px 24px">${inner(node)}</mj-text>`,
  )
  return section([`      <mj-column>\n${lines.join('\n')}\n      </mj-column>`], ' padding="12px 0"')
}

function blockOf(node: DesignNode): string {
  const { type, attrs = {} } = node
  const value = (name: string) => attributeText(attrs, name)
  switch (type) {
    case 'heading': {
      const level = value('level')
      const style = `margin:0;font-size:${HEADING_PX[level] ?? 18}px;line-height:1.25`
      return `<mj-text><h${level} style="${style}">${inner(node)}</h${level}></mj-text>`
    }
    case 'bulletList':
    case 'orderedList':
      return `<mj-text>${listOf(node)}</mj-text>`
    case 'mailButton':
      return `<mj-button${attribute('href', value('href'))} align="${value('align')}">${escapeText(value('label'))}</mj-button>`
    case 'mailImage':
      return imageOf(value)
    case 'horizontalRule':
      return '<mj-divider />'
    case 'spacer':
      return `<mj-spacer height="${Number(attrs['height'])}px" />`
    case 'rawHtml':
      // What it is put into must not be closed by it.
      return `<mj-text>${value('html').replaceAll(/<\/?mj/gi, '&lt;mj')}</mj-text>`
    default:
      return `<mj-text><p style="margin:0">${inner(node)}</p></mj-text>`
  }
}

function imageOf(value: (name: string) => string): string {
  const width = value('width')
  const attributes = [
    attribute('src', value('src')),
    // An empty one would say that it is decoration, and nobody would be warned that it has no text.
    value('alt').trim() === '' ? '' : attribute('alt', value('alt')),
    value('href') === '' ? '' : attribute('href', value('href')),
    width === '' ? '' : ` width="${Number(width)}px"`,
  ]
  return `<mj-image${attributes.join('')} align="${value('align')}" />`
}

const LISTS = new Set(['bulletList', 'orderedList'])

function listOf({ type, content = [] }: DesignNode): string {
  const tag = type === 'orderedList' ? 'ol' : 'ul'
  const items = content.map(
    (item) =>
      `<li>${(item.content ?? []).map((part) => (LISTS.has(part.type ?? '') ? listOf(part) : inner(part))).join('')}</li>`,
  )
  return `<${tag} style="margin:0;padding-left:24px">${items.join('')}</${tag}>`
}

/** A line without words is as high as any other. */
const inner = ({ content = [] }: DesignNode) => content.map(inlineOf).join('') || '&nbsp;'

function inlineOf({ type, text = '', attrs = {}, marks = [] }: DesignNode): string {
  if (type === 'hardBreak') return '<br />'
  const plain =
    type === 'variable' ? liquidOf(attributeText(attrs, 'name'), attributeText(attrs, 'fallback')) : escapeText(text)
  return marks.reduceRight((words, mark) => marked(words, mark), plain)
}

const TAGS: Record<string, string> = { bold: 'strong', italic: 'em', underline: 'u', strike: 's' }

function marked(words: string, { type, attrs = {} }: NonNullable<DesignNode['marks']>[number]): string {
  if (type === 'link') return `<a${attribute('href', attributeText(attrs, 'href'))} style="color:${LINK}">${words}</a>`
  const tag = TAGS[type]
  return tag === undefined ? words : `<${tag}>${words}</${tag}>`
}

const LIQUID = /(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})/

/** Everything but Liquid, which is typed as it is meant. */
const outsideLiquid = (text: string, change: (part: string) => string) =>
  text
    .split(LIQUID)
    .map((part, place) => (place % 2 === 1 ? part : change(part)))
    .join('')

const escapeText = (text: string) =>
  outsideLiquid(text, (part) => part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'))

const attribute = (name: string, text: string) =>
  ` ${name}="${outsideLiquid(escapeText(text), (part) => part.replaceAll('"', '&quot;'))}"`
