import { codeOf, EmbeddedPostgresError } from '../src/embedded/error.ts'
import { startEmbeddedPostgres, type EmbeddedPostgresOptions } from '../src/embedded/start.ts'

/** A process for the tests: starts the server, tells what came of it, and stops it when its input ends. */
const { uid, ...options }: EmbeddedPostgresOptions & { uid?: number } = JSON.parse(process.argv[2] ?? '')
if (uid !== undefined) {
  process.setgroups?.([])
  process.setgid?.(uid)
  process.setuid?.(uid)
}
try {
  const { connectionString, started, stop } = await startEmbeddedPostgres(options)
  console.log(JSON.stringify({ connectionString, started }))
  for await (const _ of process.stdin);
  await stop()
} catch (error) {
  const { setting, message } =
    error instanceof EmbeddedPostgresError ? error : { setting: codeOf(error), message: String(error) }
  console.log(JSON.stringify({ error: { setting, message } }))
}
