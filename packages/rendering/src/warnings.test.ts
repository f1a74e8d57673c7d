import { expect, test } from 'vitest'
import { warningsOf } from './warnings.ts'

const codes = (judged: Partial<Parameters<typeof warningsOf>[0]>) =>
  warningsOf({ html: '<p></p>', variables: [], ...judged }).map(({ code }) => code)

test('variables that nobody has are named', () => {
  const known = new Set(['name', 'email', 'first name'])
  const variables = [
    'name',
    'data.name',
    'contact.email',
    'nmae',
    'data.nmae',
    'event.x',
    "['first name']",
    'name.first',
  ]
  expect(warningsOf({ html: null, variables, known })).toEqual([
    { code: 'unknown-variable', message: 'No contact and no declared variable has “nmae”.' },
    { code: 'unknown-variable', message: 'No contact and no declared variable has “data.nmae”.' },
  ])
})

test.each([
  ['<p>Hi</p>', ['no-unsubscribe-link']],
  ['<a href="https://x.example/m">Manage</a>', []],
  ['<a href="https://x.example/u?a=1&amp;b=2">Leave</a>', []],
  ['<!-- <a href="https://x.example/m">Manage</a> -->', ['no-unsubscribe-link']],
  ['<p title="https://x.example/m">https://x.example/m</p>', ['no-unsubscribe-link']],
])('marketing needs a way out, and %s is judged by its links', (html, expected) => {
  const waysOut = ['https://x.example/u?a=1&b=2', 'https://x.example/m']
  expect(codes({ html, waysOut })).toEqual(expected)
  expect(codes({ html })).toEqual([])
})

test('images say what they show, and an empty alt says that it is nothing', () => {
  expect(codes({ html: '<img src="a"><img src="b" alt="">' })).toEqual(['missing-alt'])
  expect(codes({ html: '<!-- <img src="a"> --><img src="b" alt="">' })).toEqual([])
})

test('what Gmail would cut off is told before', () => {
  expect(codes({ html: 'ä'.repeat(52_224) })).toEqual([])
  expect(codes({ html: 'ä'.repeat(52_225) })).toEqual(['clipped-by-gmail'])
})
