import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emailStates, MAIL, type State } from '../../test/email-states.ts'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { newId } from '../ids.ts'

let instance: TestInstance
let project: TestProject
let mail: ReturnType<typeof emailStates>

beforeAll(async () => {
  instance = await testInstance()
  mail = emailStates(instance, () => project)
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

describe('a list', () => {
  test('can be narrowed to a state', async () => {
    const ids = new Map<string, string>()
    // Those that a worker takes would take the others along, so they come first.
    for (const state of ['sent', 'failed', 'deferred', 'sending', 'cancelled', 'scheduled', 'queued'] as const) {
      ids.set(state, await mail.make[state]())
    }
    for (const [status, id] of ids) {
      const { data } = await project.call(['emails', 'list'], { status: status as State })
      expect(data.map((email) => [email.status, email.id])).toEqual([[status, id]])
    }
  })

  test('can be narrowed to an address, however it is written, and to a tag', async () => {
    const bob = await mail.send({ to: 'bob@bücher.de', tags: ['a', 'b'] })
    const ada = await mail.send({ tags: ['b'] })
    const list = async (filter: object) => (await project.call(['emails', 'list'], filter)).data.map(({ id }) => id)
    expect(await list({ to: ' BOB@xn--bcher-kva.DE' })).toEqual([bob])
    expect(await list({ to: 'ada@example.com' })).toEqual([ada])
    expect(await list({ tag: 'b' })).toEqual([ada, bob])
    expect(await list({ tag: 'a' })).toEqual([bob])
    expect(await list({ tag: 'a', to: 'ada@example.com' })).toEqual([])
    expect(await list({ tag: 'c' })).toEqual([])
  })

  test('is read page by page without gap or repeat, while mail goes on arriving', async () => {
    const to = Array.from({ length: 45 }, (_, index) => `r${index}@example.com`)
    const { emails } = await project.call(['emails', 'send'], { ...MAIL, to })
    const seen: string[] = []
    let cursor: string | null | undefined
    const arriving: Promise<string>[] = []
    while (cursor !== null) {
      arriving.push(mail.send())
      const page = await project.call(['emails', 'list'], { limit: 10, ...(cursor && { cursor }) })
      arriving.push(mail.send())
      seen.push(...page.data.map(({ id }) => id))
      cursor = page.cursor
    }
    await Promise.all(arriving)
    expect(new Set(seen).size).toBe(seen.length)
    const wanted = emails.map(({ email }) => email).toReversed()
    expect(seen.filter((id) => wanted.includes(id))).toEqual(wanted)
    expect(seen).toEqual(seen.toSorted().toReversed())
  })

  test('that ends exactly with a page says so', async () => {
    await mail.send()
    await mail.send()
    const page = await project.call(['emails', 'list'], { limit: 2 })
    expect(page).toMatchObject({ hasMore: false, cursor: null, data: [{}, {}] })
    const first = await project.call(['emails', 'list'], { limit: 1 })
    expect(first).toMatchObject({ hasMore: true, cursor: expect.any(String) })
    const rest = await project.call(['emails', 'list'], { limit: 1, cursor: first.cursor as string })
    expect(rest).toMatchObject({ hasMore: false, cursor: null, data: [{}] })
  })

  test.each(['', 'x', 'eyJpZCI6MX0', newId(), Buffer.from('not an id').toString('base64url'), `' or 1=1`])(
    'does not take %j for a cursor',
    async (cursor) => {
      await expect(project.call(['emails', 'list'], { cursor })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    },
  )

  test('does not go on from a cursor of another project', async () => {
    await mail.send()
    await mail.send()
    const { cursor } = await project.call(['emails', 'list'], { limit: 1 })
    const other = await instance.project('Other')
    const foreign = other.call(['emails', 'list'], { cursor: cursor as string })
    await expect(foreign).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})
