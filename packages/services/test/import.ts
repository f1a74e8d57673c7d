import { gzipSync } from 'node:zlib'
import type { WireInput, WireOutput } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { runProjectJob } from '../src/project-jobs/run.ts'
import type { TestInstance, TestProject } from './instance.ts'

export type Format = WireInput<'imports', 'upload'>
export type Options = Omit<WireInput<'imports', 'start'>, 'id'>

const CHUNK = 1000

/** A file as it arrives: in small pieces that end anywhere. */
export async function* arriving(file: string | Uint8Array, chunk = CHUNK): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(file)
  for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
}

const bodyOf = (chunks: AsyncIterable<Uint8Array>) => ({ type: 'text/csv', filename: 'people.csv', chunks })

export const upload = ({ call }: Pick<TestProject, 'call'>, file: string | Uint8Array, format: Format = {}) =>
  call(['imports', 'upload'], format, { body: bodyOf(arriving(file)) })

export const uploadChunks = ({ call }: TestProject, chunks: AsyncIterable<Uint8Array>, format: Format = {}) =>
  call(['imports', 'upload'], format, { body: bodyOf(chunks) })

/** Uploads and starts, and hands back what has to be run. */
export async function startImport(project: TestProject, file: string | Uint8Array, options: Options = {}) {
  const { id } = await upload(project, file)
  return project.call(['imports', 'start'], { id, ...options })
}

export const run = (db: Db, { id: projectId }: Pick<TestProject, 'id'>, { jobId }: WireOutput<'imports', 'get'>) =>
  runProjectJob(db, { projectId, jobId: jobId! }, { signal: new AbortController().signal })

/** Imports a file to its end. */
export async function importFile(
  instance: TestInstance,
  project: TestProject,
  file: string | Uint8Array,
  options: Options = {},
) {
  const begun = await startImport(project, file, options)
  await run(instance.db, project, begun)
  return project.call(['imports', 'get'], { id: begun.id })
}

/** What there is of a project: address, consent and data of each contact. */
export async function people({ db }: TestInstance, { id }: Pick<TestProject, 'id'>) {
  const rows = await db
    .selectFrom('contacts')
    .select(['email', 'subscribed', 'data'])
    .where('project_id', '=', id)
    .orderBy('email')
    .execute()
  return rows.map(({ email, subscribed, data }) => [email, subscribed, data])
}

export const gzip = (text: string | Uint8Array) => gzipSync(text)

/** UTF-16 in big-endian order, which Node has no name for. */
export const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()

/** The report of an import: row, outcome, column and code of each. */
export async function problemsOf({ call }: Pick<TestProject, 'call'>, { id }: { id: string }) {
  const { data } = await call(['imports', 'problems'], { id, limit: 100 })
  return data.map(({ row, outcome, column, code }) => [row, outcome, column, code])
}

/** Rows of every kind, faults among them. */
export const MIXED = `E-Mail,Name,Age,subscribed
ada@example.com,Ada,36,yes
not an address,Bob,1,
grace@example.com,Grace,old,
ADA@example.com,,37,
grace@example.com,Grace,,no
lin@example.com,"Lin",5,,extra
new@example.com,New,,
`
export const MAPPED: Options = {
  columns: [
    { column: 'E-Mail', to: 'email' },
    { column: 'Name', to: 'field', field: 'name' },
    { column: 'Age', to: 'field', field: 'age', type: 'number' },
    { column: 'subscribed', to: 'subscribed' },
  ],
}
