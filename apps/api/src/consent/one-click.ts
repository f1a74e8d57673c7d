import type { IncomingMessage } from 'node:http'

/** Many times what any mail program sends. */
const READ_BYTES = 16 * 1024

/** The beginning of a body. What comes after it is not waited for, so that no body can hold up what its sender wants. */
export function readStart(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (text.length < READ_BYTES) return
      req.off('data', onData)
      req.resume()
      resolve(text)
    }
    req.on('data', onData)
    req.on('end', () => resolve(text))
    req.on('error', reject)
  })
}

/** Whether a mail program asks on behalf of its reader: `List-Unsubscribe=One-Click`, as a form of either kind (RFC 8058). */
export const isOneClick = (body: string): boolean =>
  /(?:^|&)List-Unsubscribe=One-Click(?:&|\s|$)/i.test(body) ||
  /name="?List-Unsubscribe"?[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n\s*One-Click\s/i.test(body)
