import { failToStart, runProcess } from '@posthorn/process'
import { readEnv } from './env.ts'
import { startStandalone } from './start.ts'

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
