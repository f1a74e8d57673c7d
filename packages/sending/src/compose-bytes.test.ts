import { expect, test } from 'vitest'
import { corpus, plainMail } from '../test/compose-corpus.ts'
import digests from '../test/compose-digests.json' with { type: 'json' }
import { digestOf, sampleTexts } from '../test/compose-samples.ts'
import { compose } from './compose.ts'

// A mail that is tried again after an update should have the bytes it had before. Where composing changes on purpose,
// the digests change with it.
test.each(Object.entries(corpus))('composed as ever, byte by byte: %s', (name, mail) => {
  expect(digestOf(compose(mail))).toBe(Object.entries(digests).find(([known]) => known === name)?.[1])
})

test('2,000 texts of pieces that have made trouble are composed as ever, byte by byte', () => {
  const all = sampleTexts(2000).map((text) => compose({ ...plainMail, text, html: `<p>${text}</p>` }))
  expect(digestOf(Buffer.concat(all))).toBe(digests['2,000 sample texts'])
})
