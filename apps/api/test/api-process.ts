import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { COMPILE_CACHE } from '@posthorn/testkit/compile-cache'
import { onTestFinished } from 'vitest'
import { SECRET } from './start-test-api.ts'

export interface ApiProcess {
  url: string
  child: ChildProcess
  /** What it logged, line by line. */
  lines: string[]
  /** Sends a signal, waits for the end, and answers the exit code, which is null after a kill. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

const MAIN = join(import.meta.dirname, '../src/main.ts')

/** The API as operators run it: a process of its own, which does not outlive the test. */
export async function startApiProcess(
  databaseUrl: string,
  main = MAIN,
  env: Record<string, string> = {},
): Promise<ApiProcess> {
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      DATABASE_URL: databaseUrl,
      POSTHORN_SECRET: SECRET,
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => void (errors += bytes.toString()))
  // Once it has said everything.
  const exited = once(child, 'close')
  const lines: string[] = []
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      const { msg, port } = JSON.parse(line)
      if (msg === 'listening') resolve(port)
    })
    void exited.then(() => reject(new Error(`The API ended before it listened: ${lines.join('\n')}${errors}`)))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    child,
    lines,
    async end(signal) {
      child.kill(signal)
      const [code] = await exited
      return code
    },
  }
}
