import type { Template } from './kinds.tsx'
import { FOOTER, type DesignNode } from './visual/design.ts'
import { designed, type Designed } from './visual/designed.ts'

const isDocument = (body: string) => /^\s*(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<(?:mjml|!doctype|html)[\s>]/i.test(body)

/** What the visual editor begins with in the place of what was written by hand. */
export const firstDesign = (body: string): Designed =>
  designed({
    type: 'doc',
    content: [...(isDocument(body) ? [] : [{ type: 'rawHtml', attrs: { html: body } }]), { type: 'paragraph' }],
  })

/** What a new template begins with: something to look at, and for mail that one can have enough of the way out. */
export const newDesign = (type: Template['type']): DesignNode => ({
  type: 'doc',
  content: [
    {
      type: 'heading',
      attrs: { level: 1 },
      content: [
        { type: 'text', text: 'Hello ' },
        { type: 'variable', attrs: { name: 'firstName', fallback: 'there' } },
      ],
    },
    { type: 'paragraph', content: [{ type: 'text', text: 'Write here what this mail is to say.' }] },
    ...(type === 'TRANSACTIONAL' ? [] : [FOOTER]),
  ],
})
