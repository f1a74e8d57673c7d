import type { Readable, Writable } from 'node:stream'
import type { Command } from 'commander'
import type { Env } from './env.ts'
import type { Instance, InstanceOptions } from './instance.ts'
import { write } from './output.ts'

/** What a command has to say: to a program, and to a person. */
export interface Answer {
  json: unknown
  text: string
  exitCode?: number
}

export interface JsonFlag {
  json?: true
}

/** What commands are run with. */
export interface Cli extends Surroundings {
  setExitCode(code: number): void
}

/** What a command has of the process that it runs in. */
export interface Surroundings {
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable
  stderr: Writable
  env: NodeJS.ProcessEnv
}

type Opening = Pick<InstanceOptions, 'migratesEmbedded' | 'requiresSchema'>

/** A command of a group that ends in an answer. */
export const leaf = (parent: Command, name: string, summary: string): Command =>
  withJson(parent.command(name).description(summary))

/** `--json`, as every command that ends in an answer has it. */
export const withJson = (command: Command): Command => command.option('--json', 'print JSON')

/** Runs a command on the instance and prints its answer. */
export async function answer(
  cli: Cli,
  { json, ...opening }: JsonFlag & Opening,
  work: (instance: Instance, env: Env) => Promise<Answer>,
): Promise<void> {
  const found = await onInstance(cli, opening, work)
  await write(cli.stdout, json ? `${JSON.stringify(found.json)}\n` : found.text)
  if (found.exitCode !== undefined) cli.setExitCode(found.exitCode)
}

/** The environment is read here and not earlier, so that `--help` works whatever it holds, and waits for no database. */
export async function onInstance<T>(
  cli: Cli,
  opening: Opening,
  work: (instance: Instance, env: Env) => Promise<T>,
): Promise<T> {
  const [{ readEnv }, { withInstance }] = await Promise.all([import('./env.ts'), import('./instance.ts')])
  const env = readEnv(cli.env)
  const log = (line: string) => {
    if (env.LOG_LEVEL !== 'silent') cli.stderr.write(`${line}\n`)
  }
  return withInstance({ env, log, ...opening }, (instance) => work(instance, env))
}
