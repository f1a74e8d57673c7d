import type { Db } from '@posthorn/db'
import { probeRelay } from '@posthorn/sending/relay-probe'
import type { HealthCheck } from './check.ts'
import { sendsThroughRelay } from './relays.ts'

const name = 'smtp'

/** Whether mail could go out: to each relay as far as a delivery goes before its first mail. */
export async function probeRelays(db: Db, urls: readonly string[] | undefined): Promise<HealthCheck[]> {
  if (urls === undefined) return [await explainUnset(db)]
  const probed = await Promise.all(urls.map((url) => probeRelay(url)))
  return probed.map(({ isWell, ...found }) => ({ name, status: isWell ? 'ok' : 'wrong', ...found }))
}

/** The processes that send may well have been given a setting that this one lacks. */
async function explainUnset(db: Db): Promise<HealthCheck> {
  // A database that cannot say has a line of its own.
  const relayed = await sendsThroughRelay(db).catch(() => undefined)
  if (relayed === false) {
    return { name, status: 'ok', message: 'SMTP_URL is not set: mail stays in the built-in inbox.' }
  }
  if (relayed === undefined) return { name, status: 'ok', message: 'SMTP_URL is not set here, so no relay was tried.' }
  return {
    name,
    status: 'warning',
    message: 'SMTP_URL is not set in this environment, though mail is accepted for a relay: it was not tried.',
    advice: 'Run this again with the SMTP_URL of the workers.',
  }
}
