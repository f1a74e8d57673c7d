import { StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state'
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view'
import classes from './code-editor.module.css'
import type { Mistake } from './mistake.ts'

/** Says a mistake at its line, or with undefined no more. */
export const sayMistake = StateEffect.define<Mistake | undefined>()

/** Where a line begins; the last one stands for all that are not there. */
export const startOf = ({ doc }: EditorState, line: number): number =>
  doc.line(Math.min(Math.max(line, 1), doc.lines)).from

class Words extends WidgetType {
  readonly words: string

  constructor(words: string) {
    super()
    this.words = words
  }

  override eq(other: Words): boolean {
    return other.words === this.words
  }

  toDOM(): HTMLElement {
    const element = document.createElement('div')
    element.className = classes['said'] ?? ''
    element.textContent = this.words
    return element
  }
}

function decorate(state: EditorState, { line, message }: Mistake): DecorationSet {
  const at = startOf(state, line)
  return Decoration.set([
    Decoration.line({ class: classes['wrong'] ?? '' }).range(at),
    Decoration.widget({ widget: new Words(message), block: true, side: 1 }).range(state.doc.lineAt(at).to),
  ])
}

/** Shows the mistake that was said last below its line, which it follows when lines before it come and go. */
export const mistakeAtLine: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    const said = transaction.effects.findLast((effect) => effect.is(sayMistake))
    if (said === undefined) return shown.map(transaction.changes)
    const { value } = said
    return value === undefined ? Decoration.none : decorate(transaction.state, value)
  },
  provide: (field) => EditorView.decorations.from(field),
})
