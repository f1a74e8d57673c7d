/** All characters of a text, where an emoji is one and not two halves. */
export const charactersOf = (text: string): string[] => Array.from(text)

/** As `charactersOf(text)[place]`, in time in step with the place. */
export function characterAt(text: string, place: number): string | undefined {
  let at = 0
  for (let left = place; left > 0 && at < text.length; left -= 1) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
  const point = text.codePointAt(at)
  return point === undefined ? undefined : String.fromCodePoint(point)
}

export const firstCharacterOf = (text: string): string => characterAt(text, 0) ?? ''

export const lastCharacterOf = (text: string): string => charactersOf(text.slice(-2)).at(-1) ?? ''
