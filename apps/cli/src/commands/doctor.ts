import { probeRelay } from '@posthorn/sending/relay-probe'
import { checkHealth, type HealthCheck } from '@posthorn/services'
import type { Command } from 'commander'
import { answer, leaf, type Cli, type JsonFlag } from '../cli.ts'
import { table } from '../output.ts'

export function addDoctor(program: Command, cli: Cli): void {
  leaf(program, 'doctor', 'check what this Posthorn stands on; exit code 1 when something is wrong').action(
    (flags: JsonFlag) =>
      answer(cli, { ...flags, requiresSchema: false }, async ({ db, secret }, env) => {
        const [stored, relays] = await Promise.all([checkHealth({ db, secret }), checkRelays(env.SMTP_URL)])
        const checks = [...stored, ...relays]
        const wrong = checks.some(({ status }) => status === 'wrong')
        const rows = checks.flatMap(({ name, status, message, advice }) => [
          [status, name, message],
          ...(advice === undefined ? [] : [[' ', ' ', advice]]),
        ])
        return { json: { healthy: !wrong, checks }, text: table(rows), exitCode: wrong ? 1 : 0 }
      }),
  )
}

async function checkRelays(urls: readonly string[] | undefined): Promise<HealthCheck[]> {
  const name = 'smtp'
  if (urls === undefined) {
    return [{ name, status: 'ok', message: 'SMTP_URL is not set: mail stays in the built-in inbox.' }]
  }
  const probed = await Promise.all(urls.map((url) => probeRelay(url)))
  return probed.map(({ isWell, ...found }) => ({ name, status: isWell ? 'ok' : 'wrong', ...found }))
}
