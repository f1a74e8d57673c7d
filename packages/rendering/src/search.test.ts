import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstPlaceOf, lastPlaceOf, splitAt } from './search.ts'

const letters = (most: number) => fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: most })

test('long texts are found where JavaScript finds them', () => {
  fc.assert(
    fc.property(letters(3), letters(90), fc.array(letters(3), { maxLength: 5 }), (unit, rest, around) => {
      const pattern = unit.repeat(40) + rest
      const text = around.join(pattern) + pattern.slice(0, 70)
      expect(firstPlaceOf(pattern, text)).toBe(text.indexOf(pattern))
      expect(lastPlaceOf(pattern, text)).toBe(text.lastIndexOf(pattern))
      expect(splitAt(pattern, text)).toEqual(text.split(pattern))
    }),
  )
})
