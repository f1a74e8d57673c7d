import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { vi } from 'vitest'
import { ROOT } from './pages.ts'

export interface LogLine {
  msg?: string
  app?: string
  port?: number
}

export interface ShellProcesses extends AsyncDisposable {
  /** Resolves with the first line of their logs that is like this. */
  logged(wanted: (line: LogLine) => boolean): Promise<LogLine>
}

/** Runs lines of a shell, with the processes that they start; all of them end by a SIGTERM, as by a Ctrl-C. */
export function startShell(code: string, env: Record<string, string>): ShellProcesses {
  const child = spawn('sh', ['-e', '-c', code], {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // Their common output closes when the last of them has ended.
  const ended = once(child, 'close')
  const lines: LogLine[] = []
  createInterface(child.stdout).on('line', (line) => line.startsWith('{') && lines.push(JSON.parse(line)))
  return {
    logged: (wanted) => vi.waitUntil(() => lines.find(wanted), 30_000),
    async [Symbol.asyncDispose]() {
      process.kill(-child.pid!, 'SIGTERM')
      await ended
    },
  }
}
