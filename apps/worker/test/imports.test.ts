import { enqueueJob } from '@posthorn/jobs'
import { invoke } from '@posthorn/services'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { openOffice } from './office.ts'
import { realWorker } from './processes.ts'

const ROWS = 40_000
const PATIENCE = { timeout: 40_000, interval: 20 }

/** A line in four has a fault, and a line in eight speaks of a contact that another one has made. */
const lineOf = (row: number) => (row % 4 === 0 ? `nobody,${row}` : `p${row % 35_000}@example.com,${row}`)

test(
  'an import whose worker is killed in the middle comes to its end with every row once',
  { timeout: 120_000 },
  async () => {
    const office = await openOffice()
    const { db } = office
    const { ctx } = await office.project()
    const lines = Array.from({ length: ROWS }, (_, row) => lineOf(row))
    const body = {
      type: 'text/csv',
      filename: undefined,
      chunks: ReadableStream.from([Buffer.from(`email,n\n${lines.join('\n')}`)]),
    }
    const { importId: id } = await invoke({ ...ctx, body }, ['contacts', 'import'], {})
    const imported = () => invoke(ctx, ['imports', 'get'], { id })

    const first = realWorker(office, { SMTP_URL: 'smtp://127.0.0.1:1' })
    await vi.waitFor(async () => expect((await imported()).counts?.rows).toBeGreaterThan(0), PATIENCE)
    first.child.kill('SIGKILL')
    await first.exited
    expect(await imported()).toMatchObject({ status: 'running' })

    // It would be found after half a minute without a heartbeat.
    await sql`delete from jobs.job where name = 'project-job'`.execute(db)
    await enqueueJob(db, 'housekeeping', {})
    realWorker(office, { SMTP_URL: 'smtp://127.0.0.1:1' })
    await vi.waitFor(async () => expect((await imported()).status).toBe('succeeded'), PATIENCE)

    const addresses = new Set(lines.filter((line) => line.startsWith('p')).map((line) => line.split(',')[0]))
    const { counts, problems } = await imported()
    expect(counts).toMatchObject({ rows: ROWS, created: addresses.size, refused: ROWS / 4 })
    expect(problems).toBe(ROWS / 4)
    const { rows: stored } = await sql<{ count: number }>`
    select count(*)::int from contacts where project_id = ${ctx.actor.projectId} and email like 'p%'
  `.execute(db)
    expect(stored).toEqual([{ count: addresses.size }])
  },
)
