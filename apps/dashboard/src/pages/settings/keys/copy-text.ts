/**
 * Puts text on the clipboard. False where the browser does not let the page: on an address without TLS, or when too long
 * passed since the click.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
