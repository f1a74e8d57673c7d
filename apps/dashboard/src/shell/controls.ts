import type { Action } from './actions.ts'

/** What one does something with. Links lead to pages, which the palette knows. */
const CONTROLS = 'button, summary, input, select, textarea'

/** The menu of small screens goes when the palette comes. */
const DIALOGS = '[role=dialog]:not([aria-label="Pages and actions"], :has(nav))'

/**
 * What can be pressed, chosen and filled in on the page as it stands, or in the dialog that lies over it, by the names that
 * screen readers hear. So nothing that a page can do is left out of the palette.
 */
export function controlsOf(): Action[] {
  const within = [...document.querySelectorAll(DIALOGS)].findLast((one) => one.checkVisibility())
  const scope = within ?? document.querySelector('main')
  const seen = new Set<string>()
  const actions: Action[] = []
  for (const control of scope?.querySelectorAll<HTMLElement>(CONTROLS) ?? []) {
    const label = nameOf(control)
    if (label === '' || seen.has(label) || !canBeUsed(control)) continue
    seen.add(label)
    actions.push({ id: `control-${label}`, label, group: 'This page', run: () => operate(current(control, label)) })
  }
  return actions
}

const canBeUsed = (control: HTMLElement) => control.checkVisibility() && !control.matches(':disabled, [type=hidden]')

const isLabelled = (control: HTMLElement): control is HTMLInputElement | HTMLButtonElement | HTMLTextAreaElement =>
  'labels' in control

function nameOf(control: HTMLElement): string {
  const by = control.getAttribute('aria-labelledby')?.split(' ') ?? []
  const labels = isLabelled(control) ? [...(control.labels ?? [])] : []
  const name =
    textOf(by.map((id) => document.querySelector(`#${CSS.escape(id)}`))) ||
    control.getAttribute('aria-label') ||
    textOf(labels) ||
    textOf([control])
  return name.replaceAll(/\s+/g, ' ').trim()
}

const textOf = (elements: readonly (Element | null)[]) => elements.map(heardOf).join(' ').trim()

function heardOf(element: Element | null): string {
  const copy = element?.cloneNode(true)
  if (!(copy instanceof Element)) return ''
  for (const silent of copy.querySelectorAll('[aria-hidden=true], style')) silent.remove()
  return copy.textContent
}

/** The control, or the one that took its place while the palette was open. */
function current(control: HTMLElement, name: string): HTMLElement | undefined {
  if (control.isConnected) return control
  return [...document.querySelectorAll<HTMLElement>(CONTROLS)].find((one) => canBeUsed(one) && nameOf(one) === name)
}

function operate(control: HTMLElement | undefined): void {
  const isField = control?.matches('textarea, select, input:not([type=checkbox], [type=radio])')
  if (isField) control?.focus()
  else control?.click()
}
