let navigated = false

/** Called by the router when the page changes under a running app; the first page leaves the focus where the browser has it. */
export function markNavigated(): void {
  navigated = true
}

export const hasNavigated = (): boolean => navigated
