import { useSyncExternalStore } from 'react'

interface Question {
  answer(isProven: boolean): void
}

let asked: Question | undefined
let pending: Promise<boolean> | undefined
const listeners = new Set<() => void>()

function ask(question: Question | undefined): void {
  asked = question
  for (const listener of listeners) listener()
}

/** By then the button that asked can be used again. */
const FOCUS_BACK_MS = 30

/** Asks who sits there to show that it is they; calls that need it at the same time share one dialog. */
export function askForProof(): Promise<boolean> {
  if (pending !== undefined) return pending
  const before = document.activeElement
  pending = new Promise<boolean>((resolve) => ask({ answer: resolve })).finally(() => {
    pending = undefined
    ask(undefined)
    setTimeout(() => {
      const isLost = document.activeElement === null || document.activeElement === document.body
      if (isLost && before instanceof HTMLElement) before.focus({ preventScroll: true })
    }, FOCUS_BACK_MS)
  })
  return pending
}

// Before every dialog hears of it: the question often stands above one, which has to stay.
addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Escape' || event.isComposing || asked === undefined) return
    event.stopImmediatePropagation()
    asked.answer(false)
  },
  { capture: true },
)

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useAskedForProof = (): Question | undefined => useSyncExternalStore(subscribe, () => asked)
