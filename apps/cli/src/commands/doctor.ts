import { probeRelay } from '@posthorn/sending/relay-probe'
import { checkHealth, sendsThroughRelay, type HealthCheck } from '@posthorn/services'
import type { Db } from '@posthorn/db'
import type { Command } from 'commander'
import { answer, leaf, type Cli, type JsonFlag } from '../cli.ts'
import { table } from '../output.ts'

export function addDoctor(program: Command, cli: Cli): void {
  leaf(program, 'doctor', 'check what this Posthorn stands on; exit code 1 when something is wrong').action(
    (flags: JsonFlag) =>
      answer(cli, { ...flags, requiresSchema: false }, async ({ db, secret }, env) => {
        const [stored, relays] = await Promise.all([checkHealth({ db, secret }), probeRelays(db, env.SMTP_URL)])
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

async function probeRelays(db: Db, urls: readonly string[] | undefined): Promise<HealthCheck[]> {
  const name = 'smtp'
  if (urls === undefined) return [await explainUnset(db, name)]
  const probed = await Promise.all(urls.map((url) => probeRelay(url)))
  return probed.map(({ isWell, ...found }) => ({ name, status: isWell ? 'ok' : 'wrong', ...found }))
}

/** The processes that send may well have been given a setting that this one lacks. */
async function explainUnset(db: Db, name: string): Promise<HealthCheck> {
  // A database that cannot say has a line of its own.
  const relayed = await sendsThroughRelay(db).catch(() => undefined)
  if (relayed === false)
    return { name, status: 'ok', message: 'SMTP_URL is not set: mail stays in the built-in inbox.' }
  if (relayed === undefined) return { name, status: 'ok', message: 'SMTP_URL is not set here, so no relay was tried.' }
  return {
    name,
    status: 'warning',
    message: 'SMTP_URL is not set in this environment, though mail is accepted for a relay: it was not tried.',
    advice: 'Run this again with the SMTP_URL of the workers.',
  }
}
