import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { posthornHere, sink } from '../test/posthorn-here.ts'
import { posthorn } from '../test/posthorn-process.ts'
import { createProgram } from './run.ts'

function commandsOf(command: Command, path: string[] = []): string[][] {
  const inner = command.commands.filter((child) => child.name() !== 'help')
  return inner.flatMap((child) => [[...path, child.name()], ...commandsOf(child, [...path, child.name()])])
}

const program = await createProgram({
  stdin: process.stdin,
  stdout: sink().stream,
  stderr: sink().stream,
  env: {},
  setExitCode: () => {},
})
const commands = commandsOf(program)
const leaves = commands.filter(
  (path) => !commands.some((other) => other.length > path.length && path.every((name, at) => other[at] === name)),
)

test('these are the commands', () => {
  expect(leaves.map((path) => path.join(' '))).toEqual([
    'migrate',
    'project create',
    'project list',
    'project delete',
    'key list',
    'key create',
    'key regenerate',
    'key revoke',
    'key reveal',
    'member list',
    'member add',
    'member remove',
    'account list',
    'account reset-second-factor',
    'account reset-password',
    'account confirm-address',
    'account end-sessions',
    'account make-instance-owner',
    'account delete',
    'domain list',
    'domain trust',
    'domain distrust',
    'emails why',
    'doctor',
    'setup-link',
  ])
})

test.each(commands)('%s %s explains itself with --help', async (...path) => {
  const { code, stdout, stderr } = await posthornHere([...path, '--help'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(`Usage: posthorn ${path.join(' ')}`)
})

test.each(leaves)('%s %s takes --json', async (...path) => {
  expect((await posthornHere([...path, '--help'])).stdout).toMatch(/--json +print JSON/)
})

test('help needs no settings that make sense', async () => {
  const { code, stdout } = await posthorn(['--help'], { DATABASE_URL: 'nonsense' })
  expect(code).toBe(0)
  expect(stdout).toContain('Usage: posthorn')
})

test('--version prints the version', async () => {
  expect(await posthornHere(['--version'])).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  })
})

test.each([
  [['nope'], "unknown command 'nope'"],
  [['key', 'create'], "required option '--name <name>' not specified"],
  [['key', 'create', '--name', 'x', '--kind', 'private'], "option '--kind <kind>' argument 'private' is invalid"],
  [['key', 'regenerate', 'id', '--overlap', '2h'], 'Allowed choices are now, 1h, 24h, 7d'],
  [['key', 'revoke'], "missing required argument 'id'"],
  [['emails', 'why', '--limit', 'all'], 'Expected a whole number above 0'],
  [['project', 'list', '--colour'], "unknown option '--colour'"],
])('%j is answered with exit code 2 and one sentence', async (args, words) => {
  const plain = await posthornHere(args)
  expect(plain).toMatchObject({ code: 2, stdout: '' })
  expect(plain.stderr).toContain(words)
  expect(plain.stderr.trimEnd()).not.toContain('\n')

  const { code, stderr } = await posthornHere([...args, '--json'])
  expect(code).toBe(2)
  expect(JSON.parse(stderr)).toEqual({ error: { code: 'USAGE', message: expect.stringContaining(words) } })
})

test('half a command prints its help and ends with exit code 2', async () => {
  const { code, stdout, stderr } = await posthornHere(['key'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('Usage: posthorn key')
})
