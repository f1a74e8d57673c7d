import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'
import { parts } from './rows.ts'

test('without arguments everything is measured at length', () => {
  expect(readArguments([])).toEqual({ quick: false, only: [...parts] })
})

test('parts and the file are read, also behind the separator of pnpm', () => {
  const words = ['--', '--quick', '--json', 'out.json', '--only', 'drain', '--only', 'accept']
  expect(readArguments(words)).toEqual({ quick: true, json: 'out.json', only: ['drain', 'accept'] })
})

test('an unknown part is refused with the ones there are', () => {
  expect(() => readArguments(['--only', 'speed'])).toThrow(/"memory"\|"accept"/)
})
