import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Endpoint, Stage } from '../contender.ts'
import type { Run } from '../run.ts'
import { fillContacts } from './fill-contacts.ts'

const WARM_ROWS = 2_000
/** A hundredth of what an import takes. More often, the answers would take the time of what is measured. */
const ASK_EVERY_MS = 100

const Uploaded = z.object({ id: z.string() })
const Imported = z.object({
  status: z.string(),
  counts: z.object({ created: z.int(), updated: z.int() }).nullable(),
})

/** A file of new contacts is imported into a project that has very many, and then once more with another value for each. */
export async function measureImports(run: Run, stage: Stage): Promise<Record<string, number>> {
  await stage.reset()
  const { database } = stage
  const { known, rows } = run.sizes.imports
  const endpoint = await stage.startApi()
  if (database === undefined || endpoint.importsPath === undefined) return {}
  await fillContacts(run.cluster, database, known)
  await stage.startWorker()
  // Until the worker has come up, and its code is warm.
  await importFile(endpoint, stage, { rows: WARM_ROWS, who: 'warm', plan: 'pro' })
  const added = await importFile(endpoint, stage, { rows, who: 'import', plan: 'pro' })
  const changed = await importFile(endpoint, stage, { rows, who: 'import', plan: 'team' })
  if (added.counts?.created !== rows || changed.counts?.updated !== rows) {
    throw new Error(`${JSON.stringify([added.counts, changed.counts])} came of two files of ${rows} contacts`)
  }
  await stage.stop()
  return {
    importUpload: rows / added.uploadSeconds,
    importNew: rows / added.importSeconds,
    importKnown: rows / changed.importSeconds,
    importFloor: rows / (await storeWithoutChecks(run, database)),
  }
}

const secondsSince = (startedAt: number) => (performance.now() - startedAt) / 1000

type File = { rows: number; who: string; plan: string }

async function importFile(endpoint: Endpoint, stage: Stage, file: File) {
  const uploadedAt = performance.now()
  const { id } = Uploaded.parse(await ask(endpoint, 'POST', '', Readable.from(linesOf(file))))
  const uploadSeconds = secondsSince(uploadedAt)
  const startedAt = performance.now()
  await ask(endpoint, 'POST', `/${id}/start`, Readable.from('{}'), 'application/json')
  for (;;) {
    const { status, counts } = Imported.parse(await ask(endpoint, 'GET', `/${id}`))
    if (status === 'succeeded') return { uploadSeconds, importSeconds: secondsSince(startedAt), counts }
    if (status === 'failed') throw new Error('The import failed')
    await Promise.race([sleep(ASK_EVERY_MS), stage.failure()])
  }
}

/** Rows as a spreadsheet has them, a thousand at a time. */
function* linesOf({ rows, who, plan }: File): Generator<string> {
  yield 'email,name,city,plan,seats,since\n'
  for (let from = 0; from < rows; from += 1_000) {
    let part = ''
    for (let at = from; at < Math.min(rows, from + 1_000); at++) {
      part += `${who}${at}@example.com,Person ${at},city-${at % 3000},${plan},${at % 50},2026-01-31\n`
    }
    yield part
  }
}

async function ask(endpoint: Endpoint, method: string, path: string, body?: Readable, type = 'text/csv') {
  const headers = { Authorization: endpoint.authorization, ...(body !== undefined && { 'Content-Type': type }) }
  const sent = request({
    host: '127.0.0.1',
    port: endpoint.port,
    method,
    path: `${endpoint.importsPath}${path}`,
    headers,
  })
  const answered = once(sent, 'response')
  if (body === undefined) sent.end()
  else await pipeline(body, sent)
  const [response] = (await answered) as [IncomingMessage]
  const answer = await json(response)
  if ((response.statusCode ?? 500) >= 300) throw new Error(`${method} ${path} answered ${JSON.stringify(answer)}`)
  return answer
}

/** What it costs the database to store such rows with one statement, in a table with the same indexes and no triggers. */
async function storeWithoutChecks({ cluster }: Run, database: string): Promise<number> {
  await cluster.query(`create table floor (like contacts including all)`, database)
  await cluster.query(`insert into floor select * from contacts where email not like 'import%'`, database)
  await cluster.query('checkpoint', database)
  const startedAt = performance.now()
  await cluster.query(`insert into floor select * from contacts where email like 'import%'`, database)
  return secondsSince(startedAt)
}
