import { z } from 'zod'

// oxlint-disable-next-line no-control-regex -- control characters are what is refused here
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]/
const ENCODED_WORD = /=\?[^?\s]{1,40}\?([qb])\?([^?\s]*)\?=/gi

/** Whether reading programs would see a line break or control character here, plain or inside an encoded word (RFC 2047). */
export function breaksHeader(text: string): boolean {
  if (CONTROL.test(text)) return true
  if (!text.includes('=?')) return false
  for (const [, encoding, payload = ''] of text.matchAll(ENCODED_WORD)) {
    const hidden =
      encoding?.toLowerCase() === 'q' ? /=(?:0[0-8a-f]|1[0-9a-f]|7f)/i.test(payload) : hidesControl(payload)
    if (hidden) return true
  }
  return false
}

function hidesControl(base64: string): boolean {
  try {
    return CONTROL.test(atob(base64))
  } catch {
    return false
  }
}

/** Text that ends up in a mail header: nothing in it can start a header, a recipient or a command of its own. */
export const headerText = (max: number) =>
  z
    .string()
    .max(max, { error: `At most ${max} characters.` })
    .refine((text) => !breaksHeader(text), { error: 'Line breaks and control characters are not allowed here.' })
