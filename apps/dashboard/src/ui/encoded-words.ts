/** An encoded word (RFC 2047), with the language that may follow its charset (RFC 2231). */
const WORD = /=\?([\w.:+-]+)(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=/gi

/** A header in plain words. What cannot be read stays as it is. */
export function decodeWords(header: string): string {
  // The blanks between two encoded words are not part of the text.
  const joined = header.replaceAll(/(\?=)\s+(?==\?[^?\s]+\?[bq]\?)/gi, '$1')
  let text = ''
  let end = 0
  let run: { charset: string; bytes: string; raw: string } | undefined
  const flush = () => {
    if (run !== undefined) text += inCharset(run) ?? run.raw
    run = undefined
  }
  for (const match of joined.matchAll(WORD)) {
    const [raw, charset = '', encoding = '', payload = ''] = match
    const bytes = encoding.toLowerCase() === 'q' ? unquote(payload) : unbase64(payload)
    // A letter may be cut in two, with one half in each of two words.
    if (match.index > end || run?.charset !== charset.toLowerCase()) flush()
    text += joined.slice(end, match.index)
    end = match.index + raw.length
    if (bytes === undefined) {
      flush()
      text += raw
    } else if (run === undefined) run = { charset: charset.toLowerCase(), bytes, raw }
    else run = { ...run, bytes: run.bytes + bytes, raw: run.raw + raw }
  }
  flush()
  return text + joined.slice(end)
}

function inCharset({ charset, bytes }: { charset: string; bytes: string }): string | undefined {
  try {
    return new TextDecoder(charset).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))
  } catch {
    return undefined
  }
}

/** With one character for each byte. */
const unquote = (payload: string) =>
  payload
    .replaceAll('_', ' ')
    .replaceAll(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

function unbase64(payload: string): string | undefined {
  try {
    return atob(payload)
  } catch {
    return undefined
  }
}
