import { checkHealth } from '@posthorn/services/health'
import type { Command } from 'commander'
import { answer, withJson, type Cli, type JsonFlag } from '../cli.ts'
import { table } from '../output.ts'

export function defineDoctor(command: Command, cli: Cli): void {
  withJson(command).action((flags: JsonFlag) =>
    answer(cli, { ...flags, requiresSchema: false }, async ({ db, secret }, env) => {
      const checks = await checkHealth({ db, secret, smtpUrls: env.SMTP_URL })
      const wrong = checks.some(({ status }) => status === 'wrong')
      const rows = checks.flatMap(({ name, status, message, advice }) => [
        [status, name, message],
        ...(advice === undefined ? [] : [[' ', ' ', advice]]),
      ])
      return { json: { healthy: !wrong, checks }, text: table(rows), exitCode: wrong ? 1 : 0 }
    }),
  )
}
