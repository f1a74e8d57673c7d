import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anotherConnection, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { createTemplate, mjml } from '../../test/templates.ts'
import { newId } from '../ids.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

const create = (change: object = {}) => createTemplate(project, change)

/** So much that others can ask for something while its HTML is made. */
const LONG_MJML = mjml(`a</mj-text>${'<mj-text><p>a</p></mj-text>'.repeat(400)}<mj-text>`)

describe('MJML takes its time', () => {
  test('and no connection and no lock meanwhile, also where the call happens once', async () => {
    const { id } = await create()
    const db = anotherConnection(instance, 1)
    const update = (idempotencyKey?: string) =>
      project.call(['templates', 'update'], { id, body: LONG_MJML }, { db, idempotencyKey })
    const order: string[] = []
    const note = (name: string) => () => void order.push(name)
    const saves = [update(), update(newId())].map((save) => save.then(note('saved')))
    await project.call(['templates', 'list'], {}, { db }).then(note('listed'))
    await project.call(['templates', 'update'], { id, subject: 'Theirs' }, { db }).then(note('changed'))
    await Promise.all(saves)
    expect(order).toEqual(['listed', 'changed', 'saved', 'saved'])
    expect(await project.call(['templates', 'get'], { id })).toMatchObject({ subject: 'Theirs', version: 4 })
  })

  test('and is made once for each Idempotency-Key', async () => {
    const name = `Once ${newId()}`
    const save = () =>
      project.call(['templates', 'create'], { name, subject: 'a', body: mjml('a') }, { idempotencyKey: name })
    const [first, second] = await Promise.all([save(), save()])
    expect(second).toEqual(first)
    expect(await save()).toEqual(first)
  })

  test('and who asks for much waits for their own alone; who has given up leaves the others their place', async () => {
    const other = await instance.project('Other')
    const gone = new AbortController()
    const show = (of: TestProject, body: string) =>
      of.call(['templates', 'render'], { subject: 'a', body }, { ended: () => gone.signal })
    // What is done for the first time takes longer than a document: connections, and code that is not compiled yet.
    await Promise.all([...Array.from({ length: 10 }, () => show(project, 'a')), show(other, 'b')])
    await show(project, LONG_MJML)
    const flood = Array.from({ length: 22 }, () => show(project, LONG_MJML))
    const outcomes = Promise.allSettled(flood)
    const calm = other.call(['templates', 'render'], { subject: 'a', body: mjml('b') })
    await expect(Promise.race([calm, ...flood.slice(2, 21)])).resolves.toEqual(await calm)
    gone.abort()
    const refused = (await outcomes).filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(15)
    expect(refused[0]).toMatchObject({ reason: { code: 'SERVER_BUSY', status: 503 } })
    expect((await calm).html).toContain('b')
  })
})
