import { once } from 'node:events'
import { get, Agent, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Endpoint, Stage } from '../contender.ts'
import { median } from '../numbers.ts'
import type { Run } from '../run.ts'
import { fillContacts } from './fill-contacts.ts'

/** For how long each page is asked for; a slow one all the same a few times. */
const ASKED_MS = 3_000
const SAMPLES = { atLeast: 3, atMost: 30 }
const WARM = 3

/** Pages of contacts in a project that has very many, one after the other. */
export async function measureContacts(run: Run, stage: Stage): Promise<Record<string, number>> {
  await stage.reset()
  if (stage.database === undefined) return {}
  const count = run.sizes.contacts
  await fillContacts(run.cluster, stage.database, count)
  const endpoint = await stage.startApi()
  if (endpoint.contactsPath === undefined) return {}
  const old = Math.floor(count / 3)
  const [somebody] = await run.cluster.query<{ email: string }>(
    `select email from contacts where email like '%.n${old}@%'`,
    stage.database,
  )
  const pages = {
    contactsFirst: { search: {}, fitting: 20 },
    contactsPart: { search: { search: 'GMAIL' }, fitting: 20 },
    contactsRarePart: { search: { search: `n${old}@` }, fitting: 1 },
    contactsAddress: { search: { search: somebody?.email ?? '' }, fitting: 1 },
    // Of three in ten contacts the index cannot tell, but by looking at them.
    contactsLikePart: { search: { search: 'x.example' }, fitting: 0 },
    contactsNoPart: { search: { search: 'nobody.has.this' }, fitting: 0 },
    contactsValue: { search: { field: 'plan', value: 'pro' }, fitting: 20 },
    contactsRareValue: { search: { field: 'customer', value: `c-${old}` }, fitting: 1 },
  }
  const seen: Record<string, number> = {}
  for (const [key, page] of Object.entries(pages)) seen[key] = await timePage(endpoint, page)
  return seen
}

async function timePage(endpoint: Endpoint, { search, fitting }: { search: Record<string, string>; fitting: number }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const path = `${endpoint.contactsPath}?${new URLSearchParams(search).toString()}`
  const headers = { Authorization: endpoint.authorization }
  const samples: number[] = []
  const until = performance.now() + ASKED_MS
  try {
    for (let at = -WARM; at < SAMPLES.atMost; at++) {
      if (samples.length >= SAMPLES.atLeast && performance.now() > until) break
      const startedAt = performance.now()
      const request = get({ host: '127.0.0.1', port: endpoint.port, path, headers, agent })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      const body = JSON.parse(await text(response)) as { data: unknown[] }
      if (at >= 0) samples.push(performance.now() - startedAt)
      if (response.statusCode !== 200 || body.data.length !== fitting) {
        throw new Error(`${path} answered ${response.statusCode} with ${body.data?.length} contacts, not ${fitting}`)
      }
    }
  } finally {
    agent.destroy()
  }
  return median(samples)
}
