import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { hasAnswered } from '@posthorn/process/arguments'
import packageJson from '../package.json' with { type: 'json' }

const program = {
  command: 'node apps/api/src/main.ts',
  summary: 'Runs the API of Posthorn, which serves the dashboard too.',
  version: packageJson.version,
}

// What only a start needs is loaded for a start.
if (!hasAnswered(program)) {
  // It halves the time that a start takes; where nothing can be written there, nothing is lost.
  enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/compiled'))
  const { run } = await import('./run.ts')
  await run()
}
