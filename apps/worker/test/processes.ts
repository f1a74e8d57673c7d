import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { COMPILE_CACHE } from '@posthorn/testkit/compile-cache'
import { onTestFinished } from 'vitest'
import type { Office, OnFinished } from './office.ts'

export interface WorkerProcess {
  child: ChildProcess
  /** Everything it has printed so far. */
  output(): string
  /** Resolves with its exit code, or the signal's name. */
  exited: Promise<number | string>
}

/** Runs a script in a process that does not outlive the test. */
function run(args: string[], env: Record<string, string>, onFinished: OnFinished): WorkerProcess {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const read = (chunk: Buffer) => void (printed += chunk.toString())
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  onFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { child, output: () => printed, exited }
}

export interface Death {
  step: string
  /** The nth email that passes it, or the id of one. */
  at: number | string
}

/** A worker that dies by itself, as by `kill -9`, when an email passes a step. */
export function mortalWorker(
  { databaseUrl }: Office,
  { smtpUrl, death }: { smtpUrl: string; death?: Death },
  onFinished: OnFinished = onTestFinished,
) {
  const dying = death === undefined ? [] : [death.step, String(death.at)]
  return run([join(import.meta.dirname, 'mortal-worker.ts'), databaseUrl, smtpUrl, ...dying], {}, onFinished)
}

/** The worker as it is run in earnest. */
export function realWorker(
  { databaseUrl }: Office,
  env: Record<string, string> = {},
  onFinished: OnFinished = onTestFinished,
) {
  const settings = {
    DATABASE_URL: databaseUrl,
    POSTHORN_SECRET: 'a master key for tests, long enough',
    LOG_LEVEL: 'warn',
    ...env,
  }
  return run([join(import.meta.dirname, '..', 'src', 'main.ts')], settings, onFinished)
}
