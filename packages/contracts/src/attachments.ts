import { z } from 'zod'
import { headerText } from './header-text.ts'
import { LIMITS } from './limits.ts'

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** How many bytes well-formed base64 stands for. */
export function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  return (base64.length / 4) * 3 - padding
}

export const Attachment = z
  .object({
    filename: headerText(LIMITS.filenameLength)
      .min(1)
      .regex(/^[^/\\"]+$/, { error: 'A file name without path and without quotes.' }),
    content: z
      .string()
      .refine((text) => text.length % 4 === 0 && BASE64.test(text), { error: 'Expected base64 (RFC 4648, section 4).' })
      .describe('The bytes, as base64.'),
    contentType: headerText(LIMITS.contentTypeLength)
      .regex(/^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[\w.+-]+=(?:[\w.+-]+|"[^"]*"))*$/, {
        error: 'Expected a media type such as image/png.',
      })
      .default('application/octet-stream'),
    contentId: headerText(LIMITS.contentIdLength)
      .regex(/^[^\s<>()]+$/, { error: 'An id without blanks and brackets.' })
      .optional()
      .describe('Name an inline image here and show it with `<img src="cid:…">`.'),
    disposition: z.enum(['attachment', 'inline']).optional(),
  })
  .superRefine((attachment, ctx) => {
    if (attachment.disposition === 'inline' && attachment.contentId === undefined) {
      ctx.addIssue({ code: 'custom', path: ['contentId'], message: 'An inline attachment needs a contentId.' })
    }
  })
  .meta({ id: 'Attachment' })

/** Refuses attachments that are too large together; `path` leads to the field that is blamed. */
export function checkAttachmentBytes(
  attachments: readonly { content: string }[],
  ctx: z.core.$RefinementCtx,
  path: PropertyKey[],
): void {
  const bytes = attachments.reduce((sum, { content }) => sum + decodedLength(content), 0)
  if (bytes <= LIMITS.attachmentBytesPerRequest) return
  const message = `Attachments are ${bytes} bytes together; at most ${LIMITS.attachmentBytesPerRequest} are taken.`
  ctx.addIssue({ code: 'custom', path, message })
}
