import { failToStart, runProcess } from '@posthorn/process'
import { readEnv } from './env.ts'
import { startStandalone } from './start.ts'

/** Runs the standalone as a process of its own, as its environment says. */
export async function run(): Promise<void> {
  try {
    const env = readEnv()
    await runProcess({
      app: 'posthorn',
      logLevel: env.LOG_LEVEL,
      start: (log) => startStandalone(env, { log, print: (text) => void process.stdout.write(`${text}\n`) }),
    })
  } catch (error) {
    failToStart(error)
  }
}
