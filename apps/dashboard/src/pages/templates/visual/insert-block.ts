import type { Editor } from '@tiptap/core'
import { closeHistory } from '@tiptap/pm/history'
import type { Node } from '@tiptap/pm/model'
import { NodeSelection, Selection, type EditorState } from '@tiptap/pm/state'
import { FOOTER, type DesignNode } from './design.ts'

const EMPTY: DesignNode = { type: 'paragraph' }
const text = (words: string): DesignNode => ({ type: 'text', text: words })

const columnsOf = (count: number): DesignNode => ({
  type: 'columns',
  content: Array.from({ length: count }, () => ({ type: 'column', content: [EMPTY] })),
})

/** The blocks that can be added, by the words that people know them by. */
export const NEW_BLOCKS = {
  Heading: { type: 'heading', attrs: { level: 1 }, content: [text('Heading')] },
  Text: EMPTY,
  Button: { type: 'mailButton' },
  Picture: { type: 'mailImage' },
  Divider: { type: 'horizontalRule' },
  Spacer: { type: 'spacer' },
  'Two columns': columnsOf(2),
  'Three columns': columnsOf(3),
  HTML: { type: 'rawHtml' },
  'Footer with unsubscribe link': FOOTER,
} as const satisfies Record<string, DesignNode>

const ROWS = new Set(['columns', 'mailFooter'])

/** Adds a block below the one that has the cursor, in its place where that is an empty line, and answers where it is. */
export function insertBlock(editor: Editor, block: DesignNode): number {
  const { from, to } = placeFor(editor.state, ROWS.has(block.type ?? ''))
  ownStep(editor).insertContentAt({ from, to }, block, { updateSelection: false }).run()
  const node = editor.state.doc.nodeAt(from)
  // A block with words begins where one types them. Another is selected whole, and its settings have the focus.
  if (node?.isAtom !== true) editor.chain().focus().setTextSelection(endOfFirstLine(node, from)).run()
  else if (node.type.name === 'horizontalRule') editor.chain().focus().setNodeSelection(from).run()
  else editor.commands.setNodeSelection(from)
  return from
}

/** Takes the selected block away. */
export const removeBlock = (editor: Editor) => ownStep(editor).focus().deleteSelection().run()

/** However fast one block is dealt with after another, each is undone by itself. */
const ownStep = (editor: Editor) =>
  editor.chain().command(({ tr }) => {
    closeHistory(tr)
    return true
  })

function endOfFirstLine(node: Node | null, at: number): number {
  if (node === null || node.isTextblock) return at + 1 + (node?.content.size ?? 0)
  return endOfFirstLine(node.firstChild, at + 1)
}

function placeFor({ selection, doc }: EditorState, isRow: boolean): { from: number; to: number } {
  const { $to } = selection
  if ($to.depth > 0 && $to.node(1).type.name === 'mailFooter') return at($to.before(1))
  const container = isRow ? 0 : containerOf(selection)
  if ($to.depth === container) return at(selection.to)
  const line = $to.node(container + 1)
  const [from, to] = [$to.before(container + 1), $to.after(container + 1)]
  const isBlank = line.type.name === 'paragraph' && line.content.size === 0
  // The last line of all stays, since a mail is at least one block.
  return isBlank && !(isRow && doc.childCount === 1) ? { from, to } : at(to)
}

const at = (place: number) => ({ from: place, to: place })

/** How deep the blocks are that the selected one can change places with: in the mail, or in a column. */
function containerOf({ $to }: EditorState['selection']): number {
  for (let depth = $to.depth; depth > 0; depth -= 1) if ($to.node(depth).type.name === 'column') return depth
  return 0
}

/** Whether the block with the cursor has one above or below it. */
export const canMove = (state: EditorState, by: -1 | 1): boolean => neighbours(state, by) !== undefined

/** Lets the block with the cursor change places with the one above or below it. */
export function moveBlock(editor: Editor, by: -1 | 1): void {
  const found = neighbours(editor.state, by)
  if (found === undefined) return
  const { start, node, other } = found
  const { tr, selection } = editor.state
  const from = by === -1 ? start - other.nodeSize : start
  const pair = by === -1 ? [node, other] : [other, node]
  tr.replaceWith(from, from + node.nodeSize + other.nodeSize, pair)
  const moved = by * other.nodeSize
  const place = selection.from + moved
  if (selection instanceof NodeSelection) tr.setSelection(NodeSelection.create(tr.doc, place))
  else tr.setSelection(Selection.near(tr.doc.resolve(place)))
  editor.view.dispatch(closeHistory(tr).scrollIntoView())
}

function neighbours({ selection }: EditorState, by: -1 | 1) {
  const { $from } = selection
  const container = containerOf(selection)
  const parent = $from.node(container)
  const index = $from.index(container)
  const node = parent.maybeChild(index)
  const other = parent.maybeChild(index + by)
  if (node === null || other === null || node === undefined || other === undefined) return undefined
  return { start: $from.posAtIndex(index, container), node, other }
}
