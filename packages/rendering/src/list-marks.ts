const ROMAN = [
  ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX'],
  ['', 'X', 'XX', 'XXX', 'XL', 'L', 'LX', 'LXX', 'LXXX', 'XC'],
  ['', 'C', 'CC', 'CCC', 'CD', 'D', 'DC', 'DCC', 'DCCC', 'CM'],
  ['', 'M', 'MM', 'MMM'],
] as const

/** Beyond, no Roman number can be written. */
const LARGEST = 3_999

/** As in browsers, which count with 32 bits. */
const LARGEST_START = 2 ** 31 - 1

/** What stands before the items of a list in HTML, one after the other. */
export function listMarks(name: 'ol' | 'ul', { start, type }: Record<string, string>): () => string {
  if (name === 'ul') return () => ' * '
  const first = Number.parseInt(start ?? '', 10)
  let number = Math.abs(first) <= LARGEST_START ? first : 1
  return () => ` ${ordinal(number++, type)}. `
}

function ordinal(number: number, type: string | undefined): string {
  if (number < 1 || number > LARGEST) return String(number)
  if (type === 'a') return letters(number)
  if (type === 'A') return letters(number).toUpperCase()
  if (type === 'i') return roman(number).toLowerCase()
  return type === 'I' ? roman(number) : String(number)
}

function letters(number: number): string {
  const rest = Math.floor((number - 1) / 26)
  return (rest === 0 ? '' : letters(rest)) + String.fromCodePoint(97 + ((number - 1) % 26))
}

function roman(number: number): string {
  const digits = Array.from(String(number)).reverse()
  return digits.reduce((text, digit, place) => (ROMAN[place]?.[Number(digit)] ?? '') + text, '')
}
