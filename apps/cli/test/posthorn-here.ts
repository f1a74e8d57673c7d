import { PassThrough, Writable } from 'node:stream'
import { run } from '../src/run.ts'
import type { Ran } from './posthorn-process.ts'

type Env = Record<string, string | undefined>

/**
 * The command line within the process of the test, which spares the start of one. Only the given settings are set;
 * where nothing is typed there is no terminal, as in a script.
 */
export async function posthornHere(args: string[], env: Env = {}, typed?: string): Promise<Ran> {
  const [stdout, stderr] = [sink(), sink()]
  const stdin = Object.assign(new PassThrough(), { isTTY: typed !== undefined })
  stdin.end(typed)
  const code = await run(args, { stdin, stdout: stdout.stream, stderr: stderr.stream, env })
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

export function sink() {
  const written: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString())
      done()
    },
  })
  return { stream, text: () => written.join('') }
}
