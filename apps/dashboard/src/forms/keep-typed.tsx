import { useBlocker } from '@tanstack/react-router'
import { use, useEffect, useRef, useState } from 'react'
import { forgetWanted } from '../shell/actions.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { HolderContext } from './holder.ts'
import { keepAmongUnsaved } from './unsaved.ts'

interface KeepTypedProps {
  /** What was typed into and not saved; each of Mantine's forms fits. */
  form: { isDirty(): boolean }
  /** A save that leads on to another page is no loss. */
  isSaving: boolean
}

/** Asks before somebody goes to another page, or closes this one, and would lose what they typed into the form. */
export function KeepTyped({ form, isSaving }: KeepTypedProps) {
  const isLeavingRef = useRef(false)
  const isUnsaved = () => !isSaving && !isLeavingRef.current && form.isDirty()
  const [asked, setAsked] = useState<{ answer(mayLose: boolean): void }>()
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && isUnsaved(),
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  })
  const isAsking = leaving.status === 'blocked' || asked !== undefined
  const holderRef = use(HolderContext)
  useEffect(() => {
    if (holderRef === undefined) return
    holderRef.current = { isUnsaved, isAsking }
    return () => void (holderRef.current = undefined)
  })
  useEffect(() =>
    keepAmongUnsaved({
      isUnsaved,
      ask: () => new Promise((resolve) => setAsked({ answer: resolve })),
      giveUp: () => void (isLeavingRef.current = true),
    }),
  )
  return (
    <ConfirmDialog
      opened={isAsking}
      onClose={() => {
        // Also called after somebody chose to leave; what they chose to do there is still wanted then.
        if (!isLeavingRef.current) forgetWanted()
        asked?.answer(false)
        setAsked(undefined)
        leaving.reset?.()
      }}
      title="Leave without saving?"
      confirm="Leave"
      dismiss="Stay"
      onConfirm={() => {
        asked?.answer(true)
        if (asked === undefined) isLeavingRef.current = true
        leaving.proceed?.()
        return Promise.resolve()
      }}
    >
      What you typed here is not saved yet, and is lost when you go.
    </ConfirmDialog>
  )
}
