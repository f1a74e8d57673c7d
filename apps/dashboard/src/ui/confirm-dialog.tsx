import { Suspense, useState } from 'react'
import { loadedLater } from '../api/page-code.ts'
import type { ConfirmDialogProps } from './confirm-modal.tsx'

const ConfirmModal = loadedLater(() => import('./confirm-modal.tsx'))

/** Asks before something that matters. Loaded when it is first opened. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [wasOpened, setWasOpened] = useState(false)
  if (props.opened && !wasOpened) setWasOpened(true)
  return <Suspense>{wasOpened && <ConfirmModal {...props} />}</Suspense>
}
