import type { Db } from '@posthorn/db'
import { sql } from 'kysely'

/** Remembers when keys were used, and writes it down now and then instead of per request. */
export interface KeyUsage {
  note(keyId: string, ip: string | undefined): void
  flush(): Promise<void>
  close(): Promise<void>
}

interface KeyUse {
  id: string
  at: Date
  ip: string | null
}

const FLUSH_EVERY_MS = 20_000

export function trackUsage(db: Db, onFault: (error: unknown) => void): KeyUsage {
  const uses = new Map<string, Omit<KeyUse, 'id'>>()

  const flush = async () => {
    if (uses.size === 0) return
    const rows = [...uses].map(([id, use]) => ({ id, ...use }))
    uses.clear()
    await write(rows).catch((error: unknown) => {
      for (const { id, ...use } of rows) if (!uses.has(id)) uses.set(id, use)
      throw error
    })
  }

  // Locks in the order of ids, so that two processes never wait for each other.
  const write = (rows: readonly KeyUse[]) =>
    sql`
      update api_keys set last_used_at = use.at, last_used_ip = use.ip
      from (
        select api_keys.id, row.at, row.ip from json_to_recordset(${JSON.stringify(rows)}::json)
          as row (id uuid, at timestamptz, ip text)
        join api_keys on api_keys.id = row.id
        where coalesce(last_used_at < row.at, true)
        order by api_keys.id for update of api_keys
      ) use
      where api_keys.id = use.id
    `.execute(db)

  const timer = setInterval(() => void flush().catch(onFault), FLUSH_EVERY_MS).unref()

  return {
    note: (keyId, ip) => void uses.set(keyId, { at: new Date(), ip: ip ?? null }),
    flush,
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}
