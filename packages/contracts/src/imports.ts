import { z } from 'zod'
import { Consent } from './consent-proof.ts'
import { defineOperations } from './define.ts'
import { ExportQuery } from './downloads.ts'
import { LIMITS } from './limits.ts'
import { Flag, Id, Nothing, page, PageQuery, Timestamp } from './primitives.ts'

/** How the cells of a column become values of a field. */
export const COLUMN_TYPES = {
  string: 'text, as it stands there',
  number: 'a number such as 12.5',
  boolean: '`true` or `false`, `yes` or `no`, `1` or `0`',
  date: 'a date or time in ISO 8601, such as 2026-01-31',
  list: 'a list: JSON, or words with `;`, `|` or `,` between them',
  any: 'what an export writes: JSON where it is JSON, else text',
} as const

export type ColumnType = keyof typeof COLUMN_TYPES

const Type = z
  .enum(Object.keys(COLUMN_TYPES) as [ColumnType, ...ColumnType[]]) // Safe because these are its keys.
  .meta({
    id: 'ImportColumnType',
    description: Object.entries(COLUMN_TYPES)
      .map(([type, words]) => `\`${type}\`: ${words}`)
      .join('; '),
  })

/** What can become of a column. */
export const COLUMN_KINDS = {
  email: 'the address',
  subscribed: 'yes or no to mail',
  unsubscribed: 'yes, or since when, where the person refuses; other cells say nothing',
  optedOutAt:
    'the same; beside it, who is not `subscribed` and has none here never refused, and is not kept from subscribing',
  status: 'a word such as `subscribed`, `unsubscribed`, `bounced` or `pending`',
  topics: 'a JSON object of topics, true for those that were chosen and false for those that were left',
  field: 'a field of `data`',
  data: 'a JSON object of fields',
  ignore: 'nothing',
} as const

type ColumnKind = keyof typeof COLUMN_KINDS

const ColumnName = z
  .string()
  .max(LIMITS.importColumnLength)
  .describe('The column, by its name in `columns` of the import.')
const FieldName = z.string().min(1).max(LIMITS.dataKeyLength)

const Mapped = z
  .object({
    column: ColumnName,
    to: z
      .enum(Object.keys(COLUMN_KINDS) as [ColumnKind, ...ColumnKind[]]) // Safe because these are its keys.
      .describe(
        Object.entries(COLUMN_KINDS)
          .map(([kind, words]) => `\`${kind}\`: ${words}`)
          .join('; '),
      ),
    field: FieldName.optional().describe('Which field, with `to: field`; left out, the name of the column.'),
    type: Type.optional().describe('How its cells are read, with `to: field`; left out, `string`.'),
  })
  .meta({ id: 'ImportColumnMapping', description: 'What becomes of a column.' })

const Columns = z
  .array(Mapped)
  .max(LIMITS.importColumns)
  .optional()
  .describe('What becomes of each column; one that is not named is ignored. Left out, what the import suggests.')

const options = {
  onConflict: z
    .enum(['merge', 'skip', 'replace'])
    .default('merge')
    .describe(
      'What happens to a contact that is there: `merge` its data key by key, where an empty cell changes nothing; `skip` the row; or `replace` all of its data.',
    ),
}

const StartImport = z
  .object({
    id: Id.describe('The id of the import.'),
    columns: Columns,
    ...options,
    dryRun: z
      .boolean()
      .default(false)
      .describe('Count and check all, and change nothing. The import can be started again then.'),
    consent: Consent.optional().describe(
      'How these people agreed to get mail; it is kept for each. Those whose row says `subscribed`, or all where no column says so, come back by it where they opted out before `at`; without `at`, nobody does who opted out. Where the project or a topic asks people to confirm (double opt-in), it subscribes only with `confirmed`.',
    ),
  })
  .meta({ id: 'StartImport', description: 'What to do with the rows of a file.' })

const Format = {
  filename: z.string().max(LIMITS.filenameLength).optional().describe('What the file is called, for people.'),
  encoding: z
    .enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])
    .optional()
    .describe('Left out, it is found: by a byte order mark, or UTF-8 where it is that, or else Latin-1.'),
  delimiter: z
    .enum(['comma', 'semicolon', 'tab', 'pipe'])
    .optional()
    .describe('What stands between two cells; left out, it is found.'),
  header: Flag.optional().describe(
    'Whether the first row names the columns; left out, it does unless an address stands in it.',
  ),
}

const Column = z
  .object({
    name: z.string().describe('Its name, made unique; `Column 3` where it has none.'),
    samples: z.array(z.string()).describe('What stands in the first rows.'),
    suggestion: Mapped.describe('What it seems to be, or what was chosen for it when the import was started.'),
    unsure: z
      .boolean()
      .describe(
        'It seems to say who gets mail, and it is not clear how: the import starts only with `columns` that say what becomes of it.',
      ),
  })
  .meta({ id: 'ImportColumn', description: 'A column of a file, and what it seems to be.' })

const Counts = z
  .object({
    rows: z.int().describe('How many rows are done.'),
    created: z.int().describe('Rows that became a new contact.'),
    updated: z.int().describe('Rows that changed a contact.'),
    unchanged: z.int().describe('Rows of contacts that were so already.'),
    skipped: z
      .int()
      .describe(
        'Rows that were left out: their contact is there already (`skip`), or refused and was erased or deleted.',
      ),
    refused: z.int().describe('Rows that have a fault.'),
    keptOut: z
      .int()
      .describe(
        'Rows, of those above, that want a contact subscribed, or a topic chosen, which opted out of it or has yet to confirm it.',
      ),
  })
  .meta({ id: 'ImportCounts', description: 'What became of the rows.' })

const STATUSES = ['ready', 'waiting', 'running', 'succeeded', 'failed', 'cancelled'] as const

const Import = z
  .object({
    id: Id,
    filename: z.string().nullable(),
    status: z
      .enum(STATUSES)
      .describe('`ready`: uploaded, and not started yet. The others are those of its job; the last three are final.'),
    rows: z.int().describe('How many rows the file has.'),
    bytes: z.int().describe('How large it is.'),
    encoding: z.string(),
    delimiter: z.enum(['comma', 'semicolon', 'tab', 'pipe']),
    columns: z.array(Column),
    dryRun: z.boolean().nullable().describe('Whether it was started to change nothing; null before it was started.'),
    jobId: Id.nullable().describe('The job that does it; cancel it with `jobs.cancel`.'),
    percent: z.int().nullable().describe('How far it is; null before it was started.'),
    counts: Counts.nullable().describe('What became of the rows so far.'),
    problems: z
      .int()
      .describe(`How many rows the report has, ${LIMITS.importReportRows.toLocaleString('en')} at most.`),
    error: z.string().nullable().describe('Why it failed, in words.'),
    createdAt: Timestamp,
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Import', description: 'A file of contacts, and what became of it.' })

export const ImportProblem = z
  .object({
    row: z.int().describe('The row, as a spreadsheet counts: the header is row 1.'),
    outcome: z
      .enum(['refused', 'skipped', 'kept-out'])
      .describe(
        '`kept-out`: the row was stored, and the contact stays unsubscribed, or without a topic that the row chooses.',
      ),
    column: z.string().nullable().describe('The column with the fault.'),
    email: z.string().nullable().describe('What stands there as the address.'),
    code: z.string().describe('The kind of problem, to branch on.'),
    message: z.string().describe('What is wrong, and what to do.'),
  })
  .meta({ id: 'ImportProblem', description: 'A row that was not stored as it stands in the file.' })

const One = z.object({ id: Id.describe('The id of the import.') })

const CSV: readonly string[] = [
  'text/csv',
  'text/plain',
  'text/tab-separated-values',
  'application/gzip',
  'application/octet-stream',
]
const takes = { types: CSV, maxBytes: LIMITS.importBytes } as const

const FILE =
  'CSV (RFC 4180) in UTF-8, UTF-16 or Latin-1, with commas, semicolons or tabs, also packed with gzip. The file is the body as it is, or the field `file` of a form, and may have up to 1 GB: it is read as it arrives, and nothing stays of one that breaks off. Fields of the form before the file count as parameters of the query; others, and a second file, are refused.'

export const imports = defineOperations({
  upload: {
    summary: 'Upload a CSV file of contacts, and see what its columns seem to be; nothing is imported yet',
    description: `${FILE} A file that is not started is deleted after ${LIMITS.importUploadHours} hours.`,
    scope: 'contacts:write',
    rest: { method: 'POST', path: '/v1/imports', status: 201 },
    input: z.object(Format).meta({ id: 'UploadImport', description: 'What is known of the file.' }),
    output: Import,
    takes,
    refusals: ['IMPORT_UNREADABLE', 'TOO_MANY_FILES', 'TOO_MANY_UPLOADS'],
  },
  start: {
    summary: 'Import the rows of an uploaded file, as a job',
    description: `Each row is held to the rules of \`contacts.upsert\`; one with a fault goes into the report and keeps no other from being stored. Of several rows for one address the later win, key by key. Whatever is stopped in between goes on where it was. The file is deleted as it is read, and the report ${LIMITS.jobDays} days after the end.`,
    scope: 'contacts:write',
    rest: { method: 'POST', path: '/v1/imports/{id}/start', status: 202 },
    input: StartImport,
    output: Import,
    refusals: ['IMPORT_NOT_FOUND', 'IMPORT_STARTED'],
  },
  get: {
    summary: 'Get an import, and how far it is',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/imports/{id}' },
    input: One.meta({ id: 'GetImport' }),
    output: Import,
    refusals: ['IMPORT_NOT_FOUND'],
  },
  list: {
    summary: 'List imports, newest first',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/imports' },
    input: z.object(PageQuery).meta({ id: 'ListImports', description: 'Which page of imports to list.' }),
    output: page(Import).meta({ id: 'ImportPage', description: 'One page of imports, newest first.' }),
  },
  problems: {
    summary: 'List the rows of an import that were refused, skipped or kept out, in their order',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/imports/{id}/problems' },
    input: z.object({ ...One.shape, ...PageQuery }).meta({ id: 'ListImportProblems', description: 'Of which import.' }),
    output: page(ImportProblem).meta({ id: 'ImportProblemPage', description: 'One page of the report.' }),
    refusals: ['IMPORT_NOT_FOUND'],
  },
  report: {
    summary: 'Download the rows of an import that were refused, skipped or kept out, as a file',
    description: `A cell that a spreadsheet would run has an apostrophe before it. The report is kept for ${LIMITS.jobDays} days after the end.`,
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/imports/{id}/report' },
    input: z
      .object({ ...One.shape, ...ExportQuery })
      .meta({ id: 'GetImportReport', description: 'Of which import, and how.' }),
    output: ImportProblem,
    answers: ['csv', 'jsonl'],
    refusals: ['IMPORT_NOT_FOUND'],
  },
  delete: {
    summary: 'Delete an import with its file and its report; contacts that it stored stay',
    scope: 'contacts:write',
    rest: { method: 'DELETE', path: '/v1/imports/{id}', status: 204 },
    input: One.meta({ id: 'DeleteImport' }),
    output: Nothing,
    refusals: ['IMPORT_NOT_FOUND', 'IMPORT_RUNNING'],
  },
})

const ImportJobResult = z
  .object({
    totalRows: z.int(),
    successCount: z.int().describe('Rows that are stored, or were so already.'),
    createdCount: z.int(),
    updatedCount: z.int(),
    failureCount: z.int().describe('Rows that have a fault or were left out.'),
    errors: z
      .array(z.object({ row: z.int(), email: z.string(), error: z.string() }))
      .describe(`The first ${LIMITS.bulkErrors} of them.`),
  })
  .meta({ id: 'ImportJobResult', description: 'What became of the rows, in the words of Plunk.' })

/** Plunk’s way: one call that uploads and starts, and one that asks how far it is. */
export const importOperations = {
  import: {
    summary: 'Import a CSV file of contacts with one call: upload it, and start at once',
    description: `${FILE} Columns are taken for what they seem to be: the address, who gets mail, and fields of \`data\`; where one seems to say who gets mail and is not understood, the file is refused. To choose, upload with \`imports.upload\` and start with \`imports.start\`.`,
    scope: 'contacts:write',
    rest: { method: 'POST', path: '/v1/contacts/import', status: 202 },
    input: z
      .object({
        ...Format,
        ...options,
        dryRun: Flag.default(false).describe('Count and check all, and change nothing.'),
      })
      .meta({ id: 'ImportContacts', description: 'What is known of the file, and what to do with it.' }),
    output: z
      .object({
        message: z.string(),
        jobId: Id.describe('The job to watch, with `jobs.get` or `contacts.importJob`.'),
        importId: Id.describe('The import, for `imports.get` and its report.'),
      })
      .meta({ id: 'ImportReceipt', description: 'The import that was begun.' }),
    takes,
    refusals: ['IMPORT_UNREADABLE', 'TOO_MANY_FILES', 'TOO_MANY_UPLOADS'],
  },
  importJob: {
    summary: 'Get how far an import is, in the words of Plunk',
    description: '`imports.get` says more.',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/import/{jobId}' },
    input: z.object({ jobId: Id.describe('The id of the job.') }).meta({ id: 'GetImportJob' }),
    output: z
      .object({
        id: Id,
        state: z.enum(['waiting', 'active', 'completed', 'failed']).describe('`failed`: also when it was cancelled.'),
        progress: z.int().describe('In whole per cent.'),
        result: ImportJobResult.nullable().describe('Null until the end.'),
        failedReason: z.string().nullable(),
      })
      .meta({ id: 'ImportJob', description: 'A job that imports contacts.' }),
    refusals: ['JOB_NOT_FOUND'],
  },
} as const
