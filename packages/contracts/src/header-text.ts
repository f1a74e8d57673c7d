import { z } from 'zod'
import { encodedWordHidesControl } from './encoded-words.ts'

// oxlint-disable-next-line no-control-regex -- control characters are what is refused here
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]/

/** Whether reading programs would see a line break or control character here, plain or inside an encoded word (RFC 2047). */
export const breaksHeader = (text: string): boolean => CONTROL.test(text) || encodedWordHidesControl(text)

/** Text that ends up in a mail header: nothing in it can start a header, a recipient or a command of its own. */
export const headerText = (max: number) =>
  z
    .string()
    .max(max, { error: `At most ${max} characters.` })
    .refine((text) => !breaksHeader(text), { error: 'Line breaks and control characters are not allowed here.' })
