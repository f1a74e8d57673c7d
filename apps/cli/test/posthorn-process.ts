import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

type Settings = Record<string, string | undefined>

/** The command line in a process of its own, as its users run it. Only the given settings are set. */
export function spawnPosthorn(args: string[], settings: Settings) {
  const env = { PATH: process.env['PATH'], ...settings }
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts'), ...args], { env, stdio: 'pipe' })
  child.stdin.end()
  return child
}

export async function posthorn(args: string[], settings: Settings): Promise<Ran> {
  const child = spawnPosthorn(args, settings)
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exitOf(child)])
  return { code, stdout, stderr }
}

export async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'exit')
  return code
}

/** What a command that was run with `--json` and must have succeeded answers. */
// oxlint-disable-next-line typescript/no-explicit-any -- each command has an answer of its own
export function answerOf({ code, stdout, stderr }: Ran): any {
  if (code !== 0) throw new Error(`a command failed: ${stderr}`)
  return JSON.parse(stdout)
}
