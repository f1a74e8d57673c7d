import { afterAll, beforeAll, expect, test } from 'vitest'
import { arriving, people, problemsOf, run, uploadChunks } from '../../test/import.ts'
import { testInstance, type TestInstance } from '../../test/instance.ts'

let instance: TestInstance

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())

/** More than is looked at before the first letter is read, so that what follows is cut as it arrives. */
const LONG = `email,name\n${'x@example.com,\n'.repeat(100)}`

/** Each cut lies at another place of each letter. */
const CUTS = [1, 2, 3, 5, 7, 64]

async function imported(file: Uint8Array, cut: number) {
  const project = await instance.project()
  const begun = await uploadChunks(project, arriving(file, cut))
  await run(instance.db, project, await project.call(['imports', 'start'], { id: begun.id }))
  const done = await project.call(['imports', 'get'], { id: begun.id })
  const names = (await people(instance, project)).map(([, , data]) => (data as { name?: string }).name)
  return { encoding: done.encoding, names, problems: (await problemsOf(project, done)).map(([, , , code]) => code) }
}

const LETTERS = ['\ufffd', '\ufffe', '\uffff', '\ufeff.', '\ufdd0', '\u{10ffff}', '\ue01a', 'Zoë 🦊']

test.each(CUTS)(
  'letters that mean nothing, or a mark, are kept as they stand in UTF-8, in chunks of %i',
  async (cut) => {
    const rows = LETTERS.map((letter, at) => `${at}@example.com,${letter}\n`).join('')
    const found = await imported(Buffer.from(LONG + rows), cut)
    expect(found).toEqual({ encoding: 'utf-8', names: [...LETTERS, undefined], problems: [] })
  },
)

test.each(CUTS)('of a file that is damaged they are kept in the rows that are not, in chunks of %i', async (cut) => {
  const rows = LETTERS.map((letter, at) => Buffer.from(`${at}@example.com,${letter}\n`))
  const damaged = [[0xe9], [0xef, 0xbf], [0xf0, 0x9f, 0xa6], [0xed, 0xa0, 0x80], [0xc0, 0x80]].map((bytes) =>
    Buffer.from([...Buffer.from('eve@example.com,\ufffd'), ...bytes, ...Buffer.from('\ufffd\n')]),
  )
  const found = await imported(Buffer.concat([Buffer.from(LONG), ...rows, ...damaged]), cut)
  expect(found).toEqual({
    encoding: 'utf-8',
    names: [...LETTERS, undefined],
    problems: damaged.map(() => 'invalid_encoding'),
  })
})

test('they are kept in UTF-16 as well', async () => {
  const rows = LETTERS.map((letter, at) => `${at}@example.com,${letter}\n`).join('')
  const found = await imported(Buffer.from(`\ufeff${LONG}${rows}`, 'utf16le'), 7)
  expect(found).toEqual({ encoding: 'utf-16le', names: [...LETTERS, undefined], problems: [] })
})
