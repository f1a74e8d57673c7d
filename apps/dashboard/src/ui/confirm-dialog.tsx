import { Suspense, lazy, useState } from 'react'
import type { ConfirmDialogProps } from './confirm-modal.tsx'

const ConfirmModal = lazy(() => import('./confirm-modal.tsx'))

/** Asks before something that matters. Loaded when it is first opened. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [wasOpened, setWasOpened] = useState(false)
  if (props.opened && !wasOpened) setWasOpened(true)
  return <Suspense>{wasOpened && <ConfirmModal {...props} />}</Suspense>
}
