import '@mantine/tiptap/styles.css'
import { Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { RichTextEditor } from '@mantine/tiptap'
import { IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react'
import type { Editor } from '@tiptap/core'
import { NodeSelection } from '@tiptap/pm/state'
import { useEditor, useEditorState } from '@tiptap/react'
import { StarterKit } from '@tiptap/starter-kit'
import { useRef, useState } from 'react'
import { problemOf } from '../../../api/problem.ts'
import { styleNonce } from '../../../nonce.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { ChoosePicture } from '../images/choose-picture.tsx'
import { picturesIn, uploadImage, type Image } from '../images/upload-image.ts'
import { BlockSettings, type SelectedBlock } from './block-settings.tsx'
import { MAIL_BLOCKS, MailDocument } from './blocks.ts'
import { withoutLastBlank, type DesignNode } from './design.ts'
import { designed, type Designed } from './designed.ts'
import { canMove, insertBlock, moveBlock, NEW_BLOCKS, removeBlock } from './insert-block.ts'
import { VariableMenu } from './variable-menu.tsx'
import classes from './visual-editor.module.css'

export interface VisualEditorProps {
  /** For screen readers, and the palette. */
  label: string
  /** The document that it begins with; what is changed is told, and never handed in. */
  initial: DesignNode
  onChange(made: Designed): void
  /** The names of the values that the template declares at this moment. */
  declared(): string[]
  isWrong: boolean
  readOnly: boolean
}

const EXTENSIONS = [
  StarterKit.configure({
    document: false,
    blockquote: false,
    code: false,
    codeBlock: false,
    heading: { levels: [1, 2, 3] },
    link: { openOnClick: false, autolink: false },
  }),
  MailDocument,
  ...MAIL_BLOCKS,
]

/** A mail as it is seen, made of blocks. */
export default function VisualEditor({ label, initial, onChange, declared, isWrong, readOnly }: VisualEditorProps) {
  const { id: projectId } = useProject()
  const [added, setAdded] = useState<number>()
  const [isChoosing, setChoosing] = useState(false)
  const toldRef = useRef<string>(undefined)
  const bring = async (editor: Editor, files: File[]) => {
    for (const file of files) {
      try {
        const image = await uploadImage(projectId, file)
        insertBlock(editor, { type: 'mailImage', attrs: { src: image.url, width: shownWidth(image) } })
      } catch (error) {
        notifications.show({ color: 'red', title: 'The picture was not taken', message: problemOf(error).message })
      }
    }
  }
  const editor = useEditor({
    extensions: EXTENSIONS,
    content: initial,
    editable: !readOnly,
    injectNonce: styleNonce,
    shouldRerenderOnTransaction: false,
    onCreate: ({ editor }) => void (toldRef.current = JSON.stringify(documentOf(editor))),
    onUpdate({ editor }) {
      const document = documentOf(editor)
      const told = JSON.stringify(document)
      // The empty line at the end comes by itself.
      if (toldRef.current !== told) onChange(designed(document))
      toldRef.current = told
    },
    editorProps: {
      attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': label },
      handlePaste: (_view, { clipboardData }) => take(clipboardData),
      handleDrop: (_view, { dataTransfer }, _slice, isMoved) => !isMoved && take(dataTransfer),
    },
  })
  const take = (data: DataTransfer | null): boolean => {
    const files = readOnly ? [] : picturesIn(data)
    if (files.length > 0) void bring(editor, files)
    return files.length > 0
  }
  const block = useEditorState({ editor, selector: ({ editor }) => selectedBlock(editor) })
  const change = (attributes: Record<string, unknown>) => {
    if (block !== undefined) editor.commands.updateAttributes(block.name, attributes)
  }
  return (
    <>
      <RichTextEditor editor={editor} className={classes.editor ?? ''} data-wrong={isWrong}>
        {!readOnly && <Tools editor={editor} declared={declared} onAdded={setAdded} />}
        <RichTextEditor.Content className={classes.content ?? ''} />
        {!readOnly && block !== undefined && (
          <BlockSettings
            key={`${block.name} ${block.at}`}
            block={block}
            isNew={added === block.at}
            onChange={change}
            onRemove={() => removeBlock(editor)}
            onChoosePicture={() => setChoosing(true)}
          />
        )}
      </RichTextEditor>
      <ChoosePicture
        opened={isChoosing}
        onClose={() => setChoosing(false)}
        onPick={(image) => {
          change({ src: image.url, width: shownWidth(image) })
          setChoosing(false)
        }}
      />
    </>
  )
}

const documentOf = (editor: Editor) => withoutLastBlank(editor.getJSON())

/** Wider than a mail it is as wide as fits; else as it is. */
const shownWidth = ({ width }: Image) => (width < MAIL_WIDTH ? String(width) : '')
const MAIL_WIDTH = 552

function selectedBlock({ state }: Editor): SelectedBlock | undefined {
  const { selection } = state
  if (!(selection instanceof NodeSelection) || selection.node.isInline) return undefined
  return { name: selection.node.type.name, at: selection.from, attributes: selection.node.attrs }
}

interface ToolsProps {
  editor: Editor
  declared(): string[]
  onAdded(at: number): void
}

function Tools({ editor, declared, onAdded }: ToolsProps) {
  const can = useEditorState({
    editor,
    selector: ({ editor: { state } }) => ({ moveUp: canMove(state, -1), moveDown: canMove(state, 1) }),
  })
  return (
    <RichTextEditor.Toolbar>
      <Menu withinPortal shadow="md" returnFocus={false}>
        <Menu.Target>
          <RichTextEditor.Control aria-label="Add block" title="Add block">
            <IconPlus size={16} aria-hidden />
          </RichTextEditor.Control>
        </Menu.Target>
        <Menu.Dropdown>
          {Object.entries(NEW_BLOCKS).map(([name, block]) => (
            <Menu.Item key={name} onClick={() => onAdded(insertBlock(editor, block))}>
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <VariableMenu
        declared={declared}
        onInsert={(name, fallback) =>
          editor.chain().focus().insertContent({ type: 'variable', attrs: { name, fallback } }).run()
        }
      />
      <RichTextEditor.ControlsGroup>
        <RichTextEditor.Bold />
        <RichTextEditor.Italic />
        <RichTextEditor.Underline />
        <RichTextEditor.Strikethrough />
      </RichTextEditor.ControlsGroup>
      <RichTextEditor.ControlsGroup>
        <RichTextEditor.H1 />
        <RichTextEditor.H2 />
        <RichTextEditor.H3 />
      </RichTextEditor.ControlsGroup>
      <RichTextEditor.ControlsGroup>
        <RichTextEditor.BulletList />
        <RichTextEditor.OrderedList />
      </RichTextEditor.ControlsGroup>
      <RichTextEditor.ControlsGroup>
        <RichTextEditor.Link />
        <RichTextEditor.Unlink />
      </RichTextEditor.ControlsGroup>
      <RichTextEditor.ControlsGroup>
        <RichTextEditor.Control
          aria-label="Move block up"
          title="Move block up"
          disabled={!can.moveUp}
          onClick={() => moveBlock(editor, -1)}
        >
          <IconArrowUp size={16} aria-hidden />
        </RichTextEditor.Control>
        <RichTextEditor.Control
          aria-label="Move block down"
          title="Move block down"
          disabled={!can.moveDown}
          onClick={() => moveBlock(editor, 1)}
        >
          <IconArrowDown size={16} aria-hidden />
        </RichTextEditor.Control>
      </RichTextEditor.ControlsGroup>
      <RichTextEditor.ControlsGroup>
        <RichTextEditor.Undo />
        <RichTextEditor.Redo />
      </RichTextEditor.ControlsGroup>
    </RichTextEditor.Toolbar>
  )
}
