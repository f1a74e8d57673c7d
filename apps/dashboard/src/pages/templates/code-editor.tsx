import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { html } from '@codemirror/lang-html'
import { liquid } from '@codemirror/lang-liquid'
import { bracketMatching, syntaxHighlighting } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { Stack } from '@mantine/core'
import { tagHighlighter, tags } from '@lezer/highlight'
import { useEffect, useRef, useState } from 'react'
import { styleNonce } from '../../nonce.ts'
import classes from './code-editor.module.css'
import { CodePicture } from './code-picture.tsx'
import { liquidFallback } from './liquid-fallback.ts'
import type { Mistake } from './mistake.ts'
import { mistakeAtLine, sayMistake, startOf } from './said-mistake.ts'

export interface CodeEditorProps {
  /** For screen readers, and the palette. */
  label: string
  /** The text that it begins with; what is typed is told, and never handed in. */
  initial: string
  onChange(text: string): void
  /** Said at its line, which then has the cursor. */
  mistake: Mistake | undefined
  isWrong: boolean
  readOnly: boolean
}

const colours = tagHighlighter([
  { tag: [tags.tagName, tags.angleBracket, tags.keyword, tags.operator, tags.brace], class: classes['tag'] ?? '' },
  { tag: [tags.attributeName, tags.propertyName, tags.variableName], class: classes['attribute'] ?? '' },
  { tag: [tags.attributeValue, tags.string, tags.number], class: classes['value'] ?? '' },
  { tag: [tags.comment, tags.documentMeta], class: classes['comment'] ?? '' },
])

/** A field for HTML or MJML with Liquid in it. Tab leads out of it, as out of any other field. */
export default function CodeEditor({ label, initial, onChange, mistake, isWrong, readOnly }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const viewRef = useRef<EditorView>(undefined)
  const [begun] = useState(initial)
  const toldRef = useRef(onChange)
  useEffect(() => void (toldRef.current = onChange))
  useEffect(() => {
    const { current: parent } = place
    if (parent === null) return
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: begun,
        extensions: [
          EditorView.cspNonce.of(styleNonce),
          lineNumbers(),
          highlightActiveLineGutter(),
          history(),
          drawSelection(),
          bracketMatching(),
          liquid({ base: html() }),
          liquidFallback,
          syntaxHighlighting(colours),
          EditorView.lineWrapping,
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) toldRef.current(update.state.doc.toString())
          }),
          mistakeAtLine,
        ],
      }),
    })
    viewRef.current = view
    return () => view.destroy()
  }, [label, begun, readOnly])
  useEffect(() => {
    const { current: view } = viewRef
    if (view === undefined) return
    view.dispatch({ effects: sayMistake.of(mistake) })
    if (mistake === undefined) return
    view.dispatch({ selection: { anchor: startOf(view.state, mistake.line) }, scrollIntoView: true })
    view.focus()
  }, [mistake])
  return (
    <Stack gap={4}>
      {!readOnly && <CodePicture view={viewRef} />}
      <div ref={place} className={classes.editor} data-wrong={isWrong} />
    </Stack>
  )
}
