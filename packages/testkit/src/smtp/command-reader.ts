const LINE_END = 0x0a
const CRLF = Buffer.from('\r\n')
const END_OF_DATA = Buffer.from('\r\n.\r\n')
const EMPTY: Buffer = Buffer.alloc(0)

export interface Heard {
  command: (line: string) => void
  /** The first bytes of a message have come. */
  body?: () => void
  message: (raw: Buffer) => void
}

export interface CommandReader {
  push: (chunk: Buffer) => void
  /** What comes next is a message, up to CRLF, dot, CRLF. */
  expectMessage: () => void
}

/** Splits what an SMTP client sends into commands and messages. Only CRLF, dot, CRLF ends a message (RFC 5321, section 4.1.1.4). */
export function commandReader(heard: Heard): CommandReader {
  let rest = EMPTY
  let message: { pieces: Buffer[]; tail: Buffer } | undefined

  function readCommand(): boolean {
    const end = rest.indexOf(LINE_END)
    if (end < 0) return false
    const line = rest.toString('utf8', 0, end).replace(/\r$/, '')
    rest = rest.subarray(end + 1)
    heard.command(line)
    return true
  }

  function readMessage({ pieces, tail }: { pieces: Buffer[]; tail: Buffer }): boolean {
    if (rest.length === 0) return false
    if (pieces.length === 0) heard.body?.()
    const seen = Buffer.concat([tail, rest])
    const end = seen.indexOf(END_OF_DATA)
    if (end < 0) {
      message = { pieces: [...pieces, rest], tail: seen.subarray(1 - END_OF_DATA.length) }
      rest = EMPTY
      return false
    }
    const taken = end + END_OF_DATA.length - tail.length
    const whole = Buffer.concat([...pieces, rest.subarray(0, taken)])
    rest = rest.subarray(taken)
    message = undefined
    heard.message(unstuffed(whole.subarray(0, CRLF.length - END_OF_DATA.length)))
    return true
  }

  return {
    push(chunk) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let more = true
      while (more) more = message === undefined ? readCommand() : readMessage(message)
    },
    expectMessage() {
      message = { pieces: [], tail: CRLF }
    },
  }
}

function unstuffed(message: Buffer): Buffer {
  if (message[0] !== 0x2e && !message.includes('\r\n.')) return message
  return Buffer.from(message.toString('latin1').replace(/(^|\r\n)\./g, '$1'), 'latin1')
}
