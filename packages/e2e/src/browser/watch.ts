import type { BrowserContext } from 'playwright-core'

/** Says that the server refused a call of the dashboard, which Chromium does whatever the page makes of it. */
export const REFUSED =
  /^error: Failed to load resource: the server responded with a status of 4\d\d .*\/(?:trpc|auth)\//

/**
 * Notes what goes wrong on any page of a browser, for as long as it is open: errors and warnings on the console, broken
 * policies among them, exceptions that nobody caught, and answers that are faults of the server.
 */
export function watch(context: BrowserContext): readonly string[] {
  const noted: string[] = []
  context.on('console', (message) => {
    const kind = message.type()
    if (kind === 'error' || kind === 'warning') noted.push(`${kind}: ${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (fault) => void noted.push(`exception: ${fault.error().stack ?? fault.error().message}`))
  context.on('response', (answer) => {
    if (answer.status() >= 500) noted.push(`${answer.status()}: ${answer.request().method()} ${answer.url()}`)
  })
  return noted
}
