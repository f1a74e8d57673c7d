import { expect, test } from 'vitest'
import { answerArguments } from './arguments.ts'

const program = { command: 'pnpm start', summary: 'Runs it.', version: '1.2.3' }

test.each([[[]], [['--']]])('%j starts the program', (args) => {
  expect(answerArguments(args, program)).toBeUndefined()
})

test.each([[['--help']], [['-h']], [['--', '--help']], [['--version', '-h']]])('%j prints help', (args) => {
  const { exitCode, stdout, stderr } = answerArguments(args, program)!
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: undefined })
  for (const words of ['Usage: pnpm start\n', 'Runs it.', 'docs/configuration.md']) expect(stdout).toContain(words)
})

test('--version prints the version', () => {
  expect(answerArguments(['--version'], program)).toEqual({ exitCode: 0, stdout: '1.2.3\n' })
})

test.each([
  [['frobnicate'], 'frobnicate'],
  [['--port=1'], '--port'],
  [['--port', '1'], '--port'],
  [['-p'], '-p'],
  [['--help=yes'], '--help'],
  [['--help', 'frobnicate'], 'frobnicate'],
  [[''], ''],
])('%j is refused in a sentence, whatever else is asked', (args, word) => {
  expect(answerArguments(args, program)).toEqual({
    exitCode: 2,
    stderr: `“pnpm start” takes no “${word}”: settings are environment variables (--help says more).\n`,
  })
})
