import { setImmediate } from 'node:timers/promises'
import { LIMITS } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  arriving,
  gzip,
  importFile,
  people,
  run,
  upload,
  uploadChunks,
  utf16be,
  type Format,
} from '../../test/import.ts'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { ApiError } from '../errors.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())
beforeEach(async () => {
  project = await instance.project()
})

const PLAIN = 'email,name\nada@example.com,Zoë\ngrace@example.com,Grace\n'
const ada = ['ada@example.com', true, { name: 'Zoë' }]
const grace = ['grace@example.com', true, { name: 'Grace' }]

const FILES: [
  what: string,
  file: string | Uint8Array,
  expected: { format?: Format; says?: object; people?: unknown[] },
][] = [
  ['UTF-8', PLAIN, { says: { encoding: 'utf-8', delimiter: 'comma', rows: 2 } }],
  ['a byte order mark of UTF-8', `\ufeff${PLAIN}`, { says: { encoding: 'utf-8' } }],
  [
    'UTF-16, little end first, with its mark',
    Buffer.from(`\ufeff${PLAIN}`, 'utf16le'),
    { says: { encoding: 'utf-16le' } },
  ],
  ['UTF-16, big end first, with its mark', utf16be(`\ufeff${PLAIN}`), { says: { encoding: 'utf-16be' } }],
  ['UTF-16 without a mark', Buffer.from(PLAIN, 'utf16le'), { says: { encoding: 'utf-16le' } }],
  ['UTF-16 without a mark, big end first', utf16be(PLAIN), { says: { encoding: 'utf-16be' } }],
  ['Latin-1', Buffer.from(PLAIN, 'latin1'), { says: { encoding: 'windows-1252' } }],
  [
    'Latin-1 that shows far behind its beginning',
    Buffer.from(`email,name\n${'x@example.com,\n'.repeat(500)}ada@example.com,Zoë\ngrace@example.com,Grace`, 'latin1'),
    {
      says: { encoding: 'windows-1252' },
      people: [ada, grace, ['x@example.com', true, {}]],
    },
  ],
  ['an encoding that is named', Buffer.from(PLAIN, 'latin1'), { format: { encoding: 'windows-1252' } }],
  ['line ends of Windows', PLAIN.replaceAll('\n', '\r\n'), {}],
  ['line ends of old Macs', PLAIN.replaceAll('\n', '\r'), {}],
  ['line ends that change', 'email,name\r\nada@example.com,Zoë\ngrace@example.com,Grace\r', {}],
  ['no line end at the end', PLAIN.trimEnd(), {}],
  ['semicolons', PLAIN.replaceAll(',', ';'), { says: { delimiter: 'semicolon' } }],
  [
    'the line by which Excel is told what stands between the cells',
    `sep=;\r\n${PLAIN.replaceAll(',', ';')}`,
    { says: { delimiter: 'semicolon', rows: 2 } },
  ],
  [
    'the same line in quotes, where the first lines look otherwise',
    `\ufeff"sep=|"\nemail|a,b\nada@example.com|1,2\n`,
    { says: { delimiter: 'pipe', rows: 1 }, people: [['ada@example.com', true, { 'a,b': '1,2' }]] },
  ],
  ['tabs', PLAIN.replaceAll(',', '\t'), { says: { delimiter: 'tab' } }],
  [
    'semicolons beside commas in the cells',
    'email;name\nada@example.com;"Zoë"\ngrace@example.com;"a,b,c"\n',
    {
      says: { delimiter: 'semicolon' },
      people: [ada, ['grace@example.com', true, { name: 'a,b,c' }]],
    },
  ],
  [
    'quotes, and line ends and quotes within',
    'email,name\nada@example.com,"Zoë"\ngrace@example.com,"Gr""a\r\nce, G"\n',
    {
      people: [ada, ['grace@example.com', true, { name: 'Gr"a\r\nce, G' }]],
    },
  ],
  [
    'a quote in the middle of a cell',
    'email,size\nada@example.com,5" disk\n',
    {
      people: [['ada@example.com', true, { size: '5" disk' }]],
    },
  ],
  ['blank lines, also such with commas', `\n\n${PLAIN.replace('\nada', '\n\n,,,\nada')}\n\n,\n`, { says: { rows: 2 } }],
  [
    'no header',
    'ada@example.com,Zoë\ngrace@example.com,Grace\n',
    {
      says: { rows: 2, columns: [{ name: 'Column 1' }, { name: 'Column 2' }] },
      people: [
        ['ada@example.com', true, { 'Column 2': 'Zoë' }],
        ['grace@example.com', true, { 'Column 2': 'Grace' }],
      ],
    },
  ],
  [
    'headers that are empty or stand there twice',
    'email,,name,Name\nada@example.com,x,Zoë,2\n',
    {
      says: { columns: [{ name: 'email' }, { name: 'Column 2' }, { name: 'name' }, { name: 'Name 2' }] },
      people: [['ada@example.com', true, { 'Column 2': 'x', name: 'Zoë', 'Name 2': 2 }]],
    },
  ],
  ['rows that are too short', 'email,name,city\nada@example.com,Zoë\ngrace@example.com,Grace,\n', {}],
  [
    'a cell that a spreadsheet would have run',
    "email,name\nada@example.com,'=1+1\n",
    { people: [['ada@example.com', true, { name: '=1+1' }]] },
  ],
  ['gzip', gzip(PLAIN), { says: { encoding: 'utf-8' } }],
  ['gzip of UTF-16', gzip(Buffer.from(`\ufeff${PLAIN}`, 'utf16le')), { says: { encoding: 'utf-16le' } }],
]

test.each(FILES)('%s', async (_, file, { format = {}, says = {}, people: expected = [ada, grace] }) => {
  const uploaded = await upload(project, file, format)
  expect(uploaded).toMatchObject({ status: 'ready', filename: 'people.csv', ...says })
  const { status, problems } = await importFile(instance, project, file)
  expect({ status, problems }).toEqual({ status: 'succeeded', problems: 0 })
  expect(await people(instance, project)).toEqual(expected)
})

const REFUSED: [what: string, file: () => AsyncIterable<Uint8Array>, code: string, words: RegExp][] = [
  ['an empty file', () => arriving(''), 'IMPORT_UNREADABLE', /empty/],
  ['nothing but line ends', () => arriving('\n\n\r\n'), 'IMPORT_UNREADABLE', /no rows/],
  ['a ZIP archive', () => arriving(Buffer.from('PK\u0003\u0004rest of it')), 'IMPORT_UNREADABLE', /ZIP/],
  ['a workbook that is packed once more', () => arriving(gzip('PK\u0003\u0004rest of it')), 'IMPORT_UNREADABLE', /ZIP/],
  [
    'a picture',
    () => arriving(Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0, 0, 0, 9, 0, 0])),
    'IMPORT_UNREADABLE',
    /binary/,
  ],
  [
    'a quote that is never closed',
    () => arriving('email,name\nada@example.com,"Ada\ngrace@example.com,Grace\n'),
    'IMPORT_UNREADABLE',
    /opened in row 2/,
  ],
  ['a cell of 50 MB', () => endless('email,name\nada@example.com,', 'x', 50), 'IMPORT_UNREADABLE', /Row 2 is longer/],
  ['a header of 50 MB', () => endless('', 'x', 50), 'IMPORT_UNREADABLE', /Row 1 is longer/],
  ['random bytes', () => arriving(noise(100_000)), 'IMPORT_UNREADABLE', /control character|binary|not so throughout/],
  [
    'a control character far behind the beginning',
    () => arriving(`${PLAIN}${'x@example.com,X\n'.repeat(5_000)}y@example.com,a\u0001b\n`),
    'IMPORT_UNREADABLE',
    /U\+0001/,
  ],
  ['a header of 50 MB without a letter', () => endless('', ',', 50), 'IMPORT_UNREADABLE', /Row 1 is longer/],
  [
    'a row of 50 MB without a letter',
    () => endless('email,b\nada@example.com', ',', 50),
    'IMPORT_UNREADABLE',
    /Row 2 is longer/,
  ],
  [
    'rows of very many empty cells, packed',
    () => arriving(gzip(`email,b\na@example.com,b\n${`a@example.com${','.repeat(1_000_000)}\n`.repeat(20)}`), 65_536),
    'IMPORT_UNREADABLE',
    /Row 3 has 1,000,001 cells/,
  ],
  [
    'a header of very many empty cells',
    () => arriving(`email${','.repeat(20_000)}\n`),
    'IMPORT_UNREADABLE',
    /Row 1 has 20,001 cells/,
  ],
  ['too many columns', () => arriving(`email${',x'.repeat(600)}\n`), 'IMPORT_UNREADABLE', /601 columns/],
  [
    'UTF-16 that is cut off within a letter',
    () => arriving(Buffer.from(`\ufeff${PLAIN}`, 'utf16le').subarray(0, -1)),
    'IMPORT_UNREADABLE',
    /not so throughout/,
  ],
  [
    'a header with a byte that is not UTF-8',
    () => arriving(Buffer.concat([Buffer.from('email,Größe,'), Buffer.from([0xfc]), Buffer.from(`\n${PLAIN}`)])),
    'IMPORT_UNREADABLE',
    /first row has bytes that are not UTF-8/,
  ],
  ['gzip that is cut off', () => arriving(gzip(PLAIN.repeat(100)).subarray(0, -10)), 'INVALID_REQUEST_BODY', /cut off/],
  ['gzip that is none', () => arriving(Buffer.from([0x1f, 0x8b, 1, 2, 3])), 'INVALID_REQUEST_BODY', /gzip/],
  [
    'a bomb in gzip',
    () => arriving(gzip(Buffer.concat([Buffer.from('email\n'), Buffer.alloc(50_000_000, 'x')]))),
    'IMPORT_UNREADABLE',
    /Row 2 is longer/,
  ],
  ['an upload that breaks off', () => broken(`${PLAIN}${'x@example.com,X\n'.repeat(12_000)}`), 'BAD_REQUEST', /ended/],
]

/** The same each time. */
function noise(length: number): Uint8Array {
  let state = 1
  return Buffer.from(Array.from({ length }, () => (state = (state * 48_271) % 0x7fff_ffff) >> 8))
}

async function* counted(chunks: AsyncIterable<Uint8Array>, read: { bytes: number }) {
  for await (const chunk of chunks) {
    read.bytes += chunk.length
    yield chunk
  }
}

async function* endless(head: string, letter: string, megabytes: number) {
  yield Buffer.from(head)
  const megabyte = Buffer.alloc(1024 * 1024, letter)
  for (let count = 0; count < megabytes; count += 1) yield megabyte
}

async function* broken(file: string) {
  yield* arriving(file, 65_536)
  throw new ApiError('BAD_REQUEST', 'The connection ended before the request did.')
}

describe('an upload is refused in words, and nothing stays of it', () => {
  test.each(REFUSED)('%s', async (_, file, code, words) => {
    const read = { bytes: 0 }
    const refused = { code, message: expect.stringMatching(words) }
    await expect(uploadChunks(project, counted(file(), read))).rejects.toMatchObject(refused)
    // What does not end is not read to its end.
    expect(read.bytes).toBeLessThan(4_000_000)
    for (const table of ['imports', 'import_pieces']) {
      const { rows } = await sql`select from ${sql.table(table)} where project_id = ${project.id}`.execute(instance.db)
      expect(rows).toEqual([])
    }
  })
})

test('rows of many more cells than columns take no more room than others, and are refused one by one', async () => {
  const empty = `a@example.com${','.repeat(16_000)}`
  const file = gzip(`email,b\n${`${empty}\n`.repeat(100)}${empty}x\nada@example.com,1\n`)
  const { id, rows } = await upload(project, file)
  const { rows: stored } = await sql<{ bytes: number }>`
    select sum(length(rows))::int as bytes from import_pieces where project_id = ${project.id}`.execute(instance.db)
  expect({ rows, isSmall: stored[0]!.bytes < 5_000 }).toEqual({ rows: 102, isSmall: true })
  await run(instance.db, project, await project.call(['imports', 'start'], { id }))
  const { counts } = await project.call(['imports', 'get'], { id })
  expect(counts).toMatchObject({ rows: 102, created: 2, refused: 1 })
})

test('a project uploads so many files at once, and no more', async () => {
  const ends = Promise.withResolvers<void>()
  async function* waiting() {
    yield Buffer.from(PLAIN)
    await ends.promise
  }
  const open = [1, 2, 3].map(() => uploadChunks(project, waiting()))
  await expect
    .poll(
      async () => (await sql`select from imports where project_id = ${project.id}`.execute(instance.db)).rows.length,
    )
    .toBe(3)
  await expect(upload(project, PLAIN)).rejects.toMatchObject({ code: 'TOO_MANY_UPLOADS' })
  const other = await instance.project()
  expect(await upload(other, PLAIN)).toMatchObject({ status: 'ready' })
  ends.resolve()
  await Promise.all(open)
  expect(await upload(project, PLAIN)).toMatchObject({ status: 'ready' })
})

test('what a project uploads and does not import is bounded, and what it imports or deletes makes room', async () => {
  const { id } = await upload(project, PLAIN)
  const other = await upload(project, PLAIN)
  await sql`
    update imports set stored_bytes = stored_bytes + ${LIMITS.importBytesPerProject / 2}::bigint
    where project_id = ${project.id}`.execute(instance.db)
  await expect(upload(project, PLAIN)).rejects.toMatchObject({ code: 'TOO_MANY_FILES' })
  await run(instance.db, project, await project.call(['imports', 'start'], { id }))
  await upload(project, PLAIN)
  await sql`
    update imports set stored_bytes = ${LIMITS.importBytesPerProject} where id = ${other.id}`.execute(instance.db)
  await expect(upload(project, PLAIN)).rejects.toMatchObject({ code: 'TOO_MANY_FILES' })
  await project.call(['imports', 'delete'], { id: other.id })
  await upload(project, PLAIN)
})

test('a row with a byte that is not UTF-8 is refused by itself, wherever it stands, and all else is UTF-8', async () => {
  const damaged = Buffer.concat([Buffer.from('eve@example.com,Ev'), Buffer.from([0xe9]), Buffer.from('\n')])
  const lost = 'fay@example.com,F\ufffdy\n'
  for (const file of [
    Buffer.concat([Buffer.from('email,name\n'), damaged, Buffer.from(`ada@example.com,Zoë Żółć\n${lost}`)]),
    Buffer.concat([Buffer.from(`email,name\nada@example.com,Zoë Żółć\n${lost.repeat(100)}`), damaged]),
  ]) {
    const of = await instance.project()
    const done = await importFile(instance, of, file)
    expect(done).toMatchObject({ encoding: 'utf-8', counts: { created: 2, refused: 1 } })
    const { data } = await of.call(['imports', 'problems'], { id: done.id })
    expect(data).toMatchObject([{ email: 'eve@example.com', code: 'invalid_encoding' }])
    expect(await people(instance, of)).toEqual([
      ['ada@example.com', true, { name: 'Zoë Żółć' }],
      ['fay@example.com', true, { name: 'F\ufffdy' }],
    ])
  }
})

test('blank rows count as a spreadsheet counts them, and take no room', async () => {
  const blanks = '\n'.repeat(6_000)
  const done = await importFile(
    instance,
    project,
    `\n email,name\n\nnobody,\n,,\n${blanks}ada@example.com,\n\nno-one,\n`,
  )
  expect(done.counts).toMatchObject({ rows: 3, created: 1, refused: 2 })
  const { data } = await project.call(['imports', 'problems'], { id: done.id })
  expect(data.map(({ row, email }) => [row, email])).toEqual([
    [4, 'nobody'],
    [6_008, 'no-one'],
  ])
})

test('a file that is all blank and short rows keeps nobody waiting', async () => {
  let isOver = false
  const file = Buffer.from(`email,a,b,c\nada@example.com,,,\n${'\n'.repeat(100_000)}${',\n'.repeat(50_000)}`)
  const uploaded = uploadChunks(project, arriving(file, file.length)).finally(() => (isOver = true))
  let longest = 0
  while (!isOver) {
    const { user, system } = process.threadCpuUsage()
    await setImmediate()
    const spent = process.threadCpuUsage({ user, system })
    longest = Math.max(longest, spent.user + spent.system)
  }
  expect(await uploaded).toMatchObject({ rows: 1 })
  expect(longest / 1000).toBeLessThan(500)
})

test('an upload whose client has left stops, however much is still to be unpacked', async () => {
  const left = new AbortController()
  const packed = gzip(`${PLAIN}${'x@example.com,X\n'.repeat(20_000)}`)
  async function* leaving() {
    yield packed
    left.abort(new ApiError('BAD_REQUEST', 'The connection ended before the request did.'))
  }
  const body = { type: 'text/csv', filename: undefined, chunks: leaving(), signal: left.signal }
  await expect(project.call(['imports', 'upload'], {}, { body })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect((await sql`select from imports where project_id = ${project.id}`.execute(instance.db)).rows).toEqual([])
})
