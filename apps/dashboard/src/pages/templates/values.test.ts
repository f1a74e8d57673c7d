import { expect, test } from 'vitest'
import { baseOf, changesOf, clashesIn, type TemplateValues } from './values.ts'

const before: TemplateValues = {
  name: 'Welcome',
  type: 'MARKETING',
  subject: 'Hi',
  from: '',
  fromName: '',
  replyTo: '',
  body: '<p>1</p>',
  design: '',
  text: '',
  variables: '[]',
}
const changed = (change: Partial<TemplateValues>) => ({ ...before, ...change })

test('two clash where both have changed a field, each in another way', () => {
  const mine = changed({ subject: 'Mine', body: '<p>2</p>', text: 'same' })
  expect(clashesIn(mine, changed({ subject: 'Theirs', name: 'New', text: 'same' }), before)).toEqual(['subject'])
  expect(clashesIn(mine, changed({ name: 'New', text: 'same' }), before)).toBeUndefined()
  expect(clashesIn(mine, changed({ body: '<p>2</p>', design: '{}' }), before)).toEqual(['body'])
})

test('what others have changed is not taken for typed the next time', () => {
  const typed = changed({ subject: 'Mine' })
  const saved = changed({ subject: 'Mine', name: 'New' })
  const base = baseOf(saved, { typed, before })
  expect(changesOf({ ...typed, text: 'more' }, base)).toEqual({ text: 'more' })
  expect(clashesIn({ ...typed, text: 'more' }, saved, base)).toBeUndefined()
})
