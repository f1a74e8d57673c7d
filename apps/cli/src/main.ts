import { run } from './run.ts'

// A reader that leaves early shows in the write that fails; without a listener it would end the process.
process.stdout.on('error', () => {})
process.exitCode = await run(process.argv.slice(2), process)
