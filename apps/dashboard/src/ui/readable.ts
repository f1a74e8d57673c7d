/** Text that came with one character for each byte; what is UTF-8 in it is shown as such. */
export function readable(source: string): string {
  return new TextDecoder().decode(Uint8Array.from(source, (character) => character.charCodeAt(0)))
}
