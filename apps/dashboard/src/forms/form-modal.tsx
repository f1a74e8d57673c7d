import { Modal } from '@mantine/core'
import { useRef, useState, type ReactNode } from 'react'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useFocusBack } from '../ui/use-focus-back.ts'
import { HolderContext, type Holder } from './holder.ts'

interface FormModalProps {
  opened: boolean
  onClose(): void
  title: string
  size?: string
  /** False while something in it must not be lost by a slip, saved or not. */
  canClose?: boolean
  children: ReactNode
}

/** A dialog with a form, which has `KeepTyped` in it: a slip of the mouse or of Escape loses nothing that was typed. */
export function FormModal({ opened, onClose, title, size = 'md', canClose = true, children }: FormModalProps) {
  useFocusBack(opened)
  const holder: Holder = useRef(undefined)
  const [isAsking, setAsking] = useState(false)
  const close = () => {
    const held = holder.current
    if (held?.isAsking === true) return
    // Once the key is dealt with, or the question would take it for its own and go away again.
    if (held?.isUnsaved() === true) setTimeout(() => setAsking(true))
    else onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={size}
      title={title}
      returnFocus={false}
      closeOnClickOutside={canClose}
      // The question above has the key for itself.
      closeOnEscape={canClose && !isAsking}
      withCloseButton={canClose}
    >
      <HolderContext value={holder}>{children}</HolderContext>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title="Close without saving?"
        confirm="Close"
        dismiss="Keep on"
        onConfirm={() => Promise.resolve(onClose())}
      >
        What you typed here is lost then.
      </ConfirmDialog>
    </Modal>
  )
}
