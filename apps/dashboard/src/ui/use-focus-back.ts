import { useEffect, useInsertionEffect, useRef } from 'react'

/** What had the focus last, also when it has gone from the page since, as the item of a menu that closed does. */
let lastFocused: Element | null = null
document.addEventListener('focusin', ({ target }) => {
  if (target instanceof Element) lastFocused = target
})

/** By then whatever else moves the focus on closing has done so. */
const SETTLED_MS = 30

/**
 * Gives the focus back to what had it when a dialog opened, also where the dialog is put on the page already open, which
 * Mantine's own way back overlooks. What is gone by then leaves it to the heading of the page.
 */
export function useFocusBack(isOpen: boolean): void {
  const opener = useRef<Element | null>(null)
  // Before a field of the dialog takes the focus for itself.
  useInsertionEffect(() => {
    const active = document.activeElement
    if (isOpen) opener.current = openerOf(active === null || active === document.body ? lastFocused : active)
  }, [isOpen])
  useEffect(() => {
    if (!isOpen) return
    const before = opener.current
    return () => {
      const atClose = document.activeElement
      setTimeout(() => {
        const now = document.activeElement
        const isInClosed = now === atClose && now?.closest('[role=dialog]') != null
        if (now === null || now === document.body || isInClosed) focusOn(before)
      }, SETTLED_MS)
    }
  }, [isOpen])
}

/** An item of a menu goes with the menu, and what opened that is left. */
function openerOf(active: Element | null): Element | null {
  const menu = active?.closest('[role=menu]')
  return menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : active
}

function focusOn(before: Element | null): void {
  const isThere = before instanceof HTMLElement && before !== document.body && before.checkVisibility()
  const target = isThere ? before : document.querySelector<HTMLElement>('main h1')
  target?.focus({ preventScroll: true })
}
