import type { Page } from 'playwright-core'

/** Keeps the control that was clicked last, or that has the focus when the palette is asked for. */
const NOTE_OPENER = `if (!globalThis.isNoting) {
  globalThis.isNoting = true
  const note = (control) => { globalThis.opener = control }
  document.addEventListener('click', ({ target }) => note(target.closest('[role=menuitem]') ? globalThis.opener : target.closest('button, a, input')), true)
  document.addEventListener('keydown', ({ key }) => key === 'k' && note(document.activeElement), true)
}`

/** From now on the page knows what opened what is open, until it is loaded anew. */
export async function noteOpeners(page: Page): Promise<void> {
  await page.evaluate(NOTE_OPENER)
}

const IS_BACK = `(async () => {
  const isBack = () => document.activeElement === globalThis.opener
  const begun = performance.now()
  while (!isBack() && performance.now() - begun < 1_000) await new Promise((next) => setTimeout(next, 10))
  return isBack()
})()`

/** Whether what opened the last that was open has the focus, or has it soon. */
export function isFocusBack(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(IS_BACK)
}
