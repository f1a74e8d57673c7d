import type { Extension } from '@codemirror/state'
import {
  Decoration,
  MatchDecorator,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from '@codemirror/view'
import classes from './code-editor.module.css'

/** `{{ name ?? "friend" }}`: the fallback, which plain Liquid does not know, up to the end of the placeholder. */
const FALLBACK = /\{\{[^{}]*?(\?\?[^{}]*\}\})/g
const PARTS = /(\?\?|\||\}\})|("[^"]*"|'[^']*'|\b\d[\d.]*\b)|([\p{L}_][\p{L}\p{N}_.-]*)/gu

const mark = (name: 'tag' | 'value' | 'attribute') => Decoration.mark({ class: classes[name] ?? '' })
const MARKS = [mark('tag'), mark('value'), mark('attribute')] as const

const matcher = new MatchDecorator({
  regexp: FALLBACK,
  decorate(add, _from, to, match) {
    const fallback = match[1] ?? ''
    const start = to - fallback.length
    for (const part of fallback.matchAll(PARTS)) {
      const kind = MARKS.find((_, place) => part[place + 1] !== undefined)
      if (kind !== undefined) add(start + part.index, start + part.index + part[0].length, kind)
    }
  },
})

/** Colours what stands behind `??` like the rest of Liquid. */
export const liquidFallback: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet

    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view)
    }

    update(update: ViewUpdate): void {
      this.decorations = matcher.updateDeco(update, this.decorations)
    }
  },
  { decorations: ({ decorations }) => decorations },
)
