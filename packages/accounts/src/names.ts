import { breaksHeader } from '@posthorn/contracts/header-text'

const LENGTH = 100

/** Why somebody cannot be called this, in one sentence; undefined where they can. A name stands in headers of mails. */
export function nameProblem(name: string): string | undefined {
  if (name === '' || name.length > LENGTH) return `A name has 1 to ${LENGTH} characters.`
  return breaksHeader(name) ? 'A name has no line breaks and control characters.' : undefined
}
