import { isBlank, LIMITS } from '@posthorn/contracts'
import type { Rendered } from '@posthorn/rendering'
import { fieldRefusal } from '../errors.ts'
import { TEMPLATE_FIELDS } from '../templates/refusals.ts'

/** Refuses what placeholders have made of a mail to somebody, where nobody could have asked for it without them. */
export function requireSendable({ subject, html, text }: Rendered, to: string): void {
  const refusal = (part: keyof Rendered, what: string) =>
    fieldRefusal(TEMPLATE_FIELDS[part], `With its values filled in for ${to}, ${what}.`)

  if (isBlank(subject)) throw refusal('subject', 'the subject is blank')
  if (isBlank(html ?? '') && isBlank(text ?? '')) throw refusal(html === null ? 'text' : 'html', 'the mail is blank')
  const bounds = { subject: LIMITS.subjectLength, html: LIMITS.bodyLength, text: LIMITS.bodyLength }
  for (const [part, filled] of Object.entries({ subject, html, text })) {
    const most = bounds[part as keyof Rendered] // Safe because it was just written so.
    if ((filled?.length ?? 0) > most) throw refusal(part as keyof Rendered, `it has more than ${most} characters`)
  }
}
