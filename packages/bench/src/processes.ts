import { spawn, type ChildProcess, type Serializable } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inheritedEnvironment } from './env.ts'

const stopWithinMs = 15_000

export type Program = {
  name: string
  command?: string
  args: string[]
  env?: Record<string, string>
}

export type Running = {
  name: string
  pid: number
  child: ChildProcess
  /** Rejects when the program ends by itself; never resolves. */
  failure: Promise<never>
  send(message: Serializable): void
  stop(): Promise<void>
}

export type Processes = {
  start(program: Program): Promise<Running>
  stopAll(): Promise<void>
  /** For the last moment, when nothing can be awaited any more. */
  killAll(): void
}

/** Starts programs, keeps their output in the folder, and knows how to end them all. */
export function createProcesses(folder: string): Processes {
  const alive = new Set<Running>()
  let over = false
  return {
    async start(program) {
      if (over) throw new Error('The bench is over')
      const running = await startProgram(program, folder)
      alive.add(running)
      running.child.once('exit', () => alive.delete(running))
      return running
    },
    async stopAll() {
      over = true
      await Promise.all([...alive].map((running) => running.stop()))
    },
    killAll() {
      for (const running of alive) running.child.kill('SIGKILL')
    },
  }
}

async function startProgram(program: Program, folder: string): Promise<Running> {
  const log = join(folder, `${program.name}.log`)
  const output = openSync(log, 'a')
  const isNode = program.command === undefined
  const child = spawn(program.command ?? process.execPath, program.args, {
    env: { ...inheritedEnvironment, ...program.env },
    stdio: isNode ? ['ignore', output, output, 'ipc'] : ['ignore', output, output],
  })
  closeSync(output)
  let stopping = false
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const failure = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (!stopping)
        reject(
          new Error(`${program.name} ended by itself (${signal ?? code}): ${lastWords(readFileSync(log, 'utf8'))}`),
        )
    })
  })
  failure.catch(() => {})
  if (child.pid === undefined) await failure
  return {
    name: program.name,
    pid: child.pid ?? 0,
    child,
    failure,
    send(message) {
      child.send?.(message)
    },
    async stop() {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
      await exited
      clearTimeout(kill)
    },
  }
}

/** Runs a Node program to its end and returns what it printed. */
export async function runToEnd(program: Program): Promise<string> {
  const child = spawn(process.execPath, program.args, {
    env: { ...inheritedEnvironment, ...program.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  const output: Buffer[] = []
  const complaints: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const printed = Buffer.concat(output).toString()
  if (code !== 0) {
    const said = Buffer.concat(complaints).toString().trim() || printed
    throw new Error(`${program.name} failed (${code}): ${lastWords(said)}`)
  }
  return printed
}

/** What a program said before its end: the error if there is one, without its stack. */
function lastWords(text: string): string {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.trim())
  return lines.findLast((line) => /^(\w*Error\b|Error:)/.test(line)) ?? lines.at(-1) ?? ''
}
