import { mergeAttributes, Node } from '@tiptap/core'
import { attributeText, liquidOf } from './design.ts'
import classes from './blocks.module.css'

/** A mail is blocks below each other, and rows of blocks beside each other. */
export const MailDocument = Node.create({ name: 'doc', topNode: true, content: '(block|row)+' })

type Attributes = Record<string, unknown>

interface BlockOptions {
  name: string
  defaults: Attributes
  /** What of it is seen. */
  look(attributes: Attributes): [tag: string, attributes: Record<string, string>, ...words: string[]]
}

/** A block that is changed by its settings and not by typing into it. */
const settledBlock = ({ name, defaults, look }: BlockOptions) =>
  Node.create({
    name,
    group: 'block',
    atom: true,
    draggable: true,
    addAttributes: () =>
      Object.fromEntries(
        Object.entries(defaults).map(([attribute, value]) => [attribute, { default: value, rendered: false }]),
      ),
    // What is pasted from elsewhere never becomes one of these, except a picture.
    parseHTML: () => [{ tag: `div[data-block="${name}"]`, getAttrs: attributesIn(defaults) }],
    renderHTML({ node }) {
      const frame = { 'data-block': name, 'data-attributes': JSON.stringify(node.attrs), class: classes['block'] ?? '' }
      return ['div', mergeAttributes(frame, { 'data-align': attributeText(node.attrs, 'align') }), look(node.attrs)]
    },
  })

/** Reads what `renderHTML` wrote, which is how the editor's own clipboard carries a block. */
const attributesIn = (defaults: Attributes) => (element: HTMLElement) => {
  try {
    const stored = JSON.parse(element.dataset['attributes'] ?? '') as Attributes
    return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, stored[name] ?? value]))
  } catch {
    return defaults
  }
}

const MailButton = settledBlock({
  name: 'mailButton',
  defaults: { label: 'Read more', href: '', align: 'center' },
  look: ({ label }) => ['span', { class: classes['button'] ?? '' }, String(label) || 'Button'],
})

const MailImage = settledBlock({
  name: 'mailImage',
  defaults: { src: '', alt: '', href: '', width: '', align: 'center' },
  look({ src, alt, width }) {
    const address = String(src)
    // What stands for an address is known when the mail is sent.
    if (address === '' || address.includes('{{')) {
      return ['span', { class: classes['gap'] ?? '' }, address === '' ? 'No picture yet' : `Picture at ${address}`]
    }
    return [
      'img',
      { src: address, alt: String(alt), class: classes['image'] ?? '', ...(width !== '' && { width: String(width) }) },
    ]
  },
})

const Spacer = settledBlock({
  name: 'spacer',
  defaults: { height: 24 },
  look: ({ height }) => [
    'span',
    { class: classes['spacer'] ?? '', style: `height: ${Number(height)}px` },
    `${Number(height)} pixels of space`,
  ],
})

const RawHtml = settledBlock({
  name: 'rawHtml',
  defaults: { html: '' },
  look: ({ html }) => ['code', { class: classes['raw'] ?? '' }, String(html) || 'No HTML yet'],
})

const Columns = Node.create({
  name: 'columns',
  group: 'row',
  content: 'column{2,3}',
  isolating: true,
  parseHTML: () => [{ tag: 'div[data-block="columns"]' }],
  renderHTML: () => ['div', { 'data-block': 'columns', class: classes['columns'] ?? '' }, 0],
})

const Column = Node.create({
  name: 'column',
  content: 'block+',
  isolating: true,
  parseHTML: () => [{ tag: 'div[data-block="column"]' }],
  renderHTML: () => ['div', { 'data-block': 'column', class: classes['column'] ?? '' }, 0],
})

const MailFooter = Node.create({
  name: 'mailFooter',
  group: 'row',
  content: 'paragraph+',
  defining: true,
  parseHTML: () => [{ tag: 'div[data-block="footer"]' }],
  renderHTML: () => ['div', { 'data-block': 'footer', class: classes['footer'] ?? '' }, 0],
})

/** Stands for a value of the recipient. */
const Variable = Node.create({
  name: 'variable',
  group: 'inline',
  inline: true,
  atom: true,
  addAttributes: () => ({
    name: { default: '', parseHTML: (element) => element.dataset['name'] ?? '', rendered: false },
    fallback: { default: '', parseHTML: (element) => element.dataset['fallback'] ?? '', rendered: false },
  }),
  parseHTML: () => [{ tag: 'span[data-name]' }],
  renderHTML({ node }) {
    const [name, fallback] = [attributeText(node.attrs, 'name'), attributeText(node.attrs, 'fallback')]
    return [
      'span',
      { 'data-name': name, 'data-fallback': fallback, class: classes['variable'] ?? '' },
      liquidOf(name, fallback),
    ]
  },
  renderText: ({ node }) => liquidOf(attributeText(node.attrs, 'name'), attributeText(node.attrs, 'fallback')),
})

export const MAIL_BLOCKS = [MailButton, MailImage, Spacer, RawHtml, Columns, Column, MailFooter, Variable]
