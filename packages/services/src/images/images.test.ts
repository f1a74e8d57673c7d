import { LIMITS } from '@posthorn/contracts'
import { pngOf, SMALL_PICTURES } from '@posthorn/testkit/pictures'
import { testBucket, type TestBucket } from '@posthorn/testkit/s3'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import type { ReceivedBody } from '../body.ts'
import { deleteProject } from '../people/deletion.ts'
import { createRuntime } from '../runtime.ts'
import { openBucket } from './bucket.ts'
import { expectObject, objectKey, removeObjects } from './objects.ts'
import { findImage, imageBytes, readImagePath } from './serve.ts'

let instance: TestInstance
let bucket: TestBucket

beforeAll(async () => {
  instance = await testInstance()
  bucket = await testBucket()
})

afterAll(async () => {
  await instance.close()
  await bucket.close()
})

async function* inTwo(bytes: Buffer) {
  yield bytes.subarray(0, 10)
  yield bytes.subarray(10)
}

const bodyWith = (bytes: Buffer, filename?: string): ReceivedBody => ({
  type: 'application/octet-stream',
  filename,
  chunks: inTwo(bytes),
})

const upload = ({ call }: Pick<TestProject, 'call'>, bytes: Buffer, filename?: string) =>
  call(['images', 'upload'], {}, { body: bodyWith(bytes, filename) })

/** As everybody loads it. */
async function load(url: string, runtime = instance.runtime): Promise<Buffer | undefined> {
  const address = readImagePath(new URL(url).pathname)
  const image = address && (await findImage(instance.db, address))
  if (image === undefined) return undefined
  const chunks = []
  for await (const chunk of imageBytes(runtime, image, AbortSignal.timeout(5_000))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Through a process that keeps pictures in the bucket. */
async function inBucket(): Promise<{ project: TestProject; through: Pick<TestProject, 'call'> }> {
  const project = await instance.project()
  return { project, through: instance.through(bucketRuntime(), project) }
}

const bucketRuntime = () =>
  createRuntime({
    db: instance.db,
    secret: 'x'.repeat(16) + 'abcdefghijklmnop',
    captures: true,
    bucket: bucket.options,
  })

const hours = (count: number) =>
  sql`update image_removals set due_at = due_at - make_interval(hours => ${count})`.execute(instance.db)

describe('what is taken', () => {
  test.each([
    ['png', pngOf(120, 40), 120, 40],
    ['gif', SMALL_PICTURES.gif, 1, 1],
    ['webp', SMALL_PICTURES.webp, 1, 1],
    ['jpg', SMALL_PICTURES.jpg, 1, 1],
  ])('%s is known by its bytes, and loaded as it came', async (type, bytes, width, height) => {
    const project = await instance.project()
    const image = await upload(project, bytes, 'holiday.txt')
    expect(image).toMatchObject({ name: 'holiday.txt', width, height, sizeBytes: bytes.length })
    expect(image.url).toMatch(new RegExp(`^http://localhost:3000/images/${project.id}/[0-9a-f]{64}\\.${type}$`))
    expect(await load(image.url)).toEqual(bytes)
  })

  test('a name is shown as it reads, however it is given', async () => {
    const project = await instance.project()
    const given = { name: '\u202egnp.exe' }
    const body = bodyWith(pngOf(7, 7))
    expect(await project.call(['images', 'upload'], given, { body })).toMatchObject({ name: 'gnp.exe' })
    expect(await upload(project, pngOf(8, 8), given.name)).toMatchObject({ name: 'gnp.exe' })
  })

  const svg = Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
  test.each([
    ['SVG, with the reason', svg, /SVG is not taken.*scripts/],
    ['HTML that calls itself a picture', Buffer.from('<script>alert(1)</script>'), /no PNG/],
    ['a BMP', Buffer.from(`BM${'\0'.repeat(60)}`), /no PNG/],
    ['a PNG that ends after its header', pngOf(9, 9).subarray(0, 40), /cut off/],
    [
      'a PNG without any pixels',
      Buffer.from(pngOf(9, 9).toString('latin1').replace('IDAT', 'tEXt'), 'latin1'),
      /no PNG/,
    ],
    ['a JPEG that is cut off', SMALL_PICTURES.jpg.subarray(0, -1), /cut off/],
    ['a WebP that is cut off', SMALL_PICTURES.webp.subarray(0, -1), /cut off/],
    ['a PNG that ends after its signature', pngOf(1, 1).subarray(0, 16), /no PNG/],
    ['nothing', Buffer.alloc(0), /no PNG/],
    ['more pixels than anything shows', hugePng(), new RegExp(`at most ${LIMITS.imageSidePixels}`)],
  ])('%s is refused', async (_, bytes, message) => {
    const project = await instance.project()
    await expect(upload(project, bytes)).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      message: expect.stringMatching(message),
    })
  })

  function hugePng(): Buffer {
    const png = pngOf(1, 1)
    png.writeUInt32BE(LIMITS.imageSidePixels + 1, 16)
    return png
  }

  test('the same bytes are one picture of a project, however many bring them at once, and another one of the next', async () => {
    const [project, other] = [await instance.project(), await instance.project()]
    const same = await Promise.all([1, 2, 3].map((at) => upload(project, pngOf(3, 3), `${at}.png`)))
    expect(new Set(same.map(({ id }) => id)).size).toBe(1)
    const theirs = await upload(other, pngOf(3, 3))
    expect(theirs.url).not.toBe(same[0]?.url)
    expect((await project.call(['images', 'list'], {})).data).toHaveLength(1)
    const wrong = { id: theirs.id }
    await expect(project.call(['images', 'delete'], wrong)).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' })
    await other.call(['images', 'delete'], wrong)
    expect(await load(theirs.url)).toBeUndefined()
    expect(await load(same[0]?.url ?? '')).toEqual(pngOf(3, 3))
  })

  test('a project has only so many, and lists them newest first', async () => {
    const project = await instance.project()
    await sql`
      insert into images (project_id, id, hash, name, type, width, height, size_bytes, content)
      select ${project.id}, gen_random_uuid(), sha256(int4send(n)), 'x', 'png', 1, 1, 1, 'x'
      from generate_series(1, ${LIMITS.imagesPerProject - 1}) n
    `.execute(instance.db)
    const last = await upload(project, pngOf(2, 2))
    await expect(upload(project, pngOf(2, 3))).rejects.toMatchObject({ code: 'TOO_MANY_IMAGES' })
    await sql`delete from images where project_id = ${project.id} and id <> ${last.id}`.execute(instance.db)
    await sql`update images set size_bytes = ${LIMITS.imageBytesPerProject} where project_id = ${project.id}`.execute(
      instance.db,
    )
    await expect(upload(project, pngOf(2, 3))).rejects.toMatchObject({ code: 'TOO_MANY_IMAGES' })
    await sql`update images set size_bytes = 1 where project_id = ${project.id}`.execute(instance.db)
    const next = await upload(project, pngOf(2, 3))
    const first = await project.call(['images', 'list'], { limit: 1 })
    expect(first).toMatchObject({ data: [{ id: next.id }], hasMore: true })
    const second = await project.call(['images', 'list'], { limit: 1, cursor: first.cursor ?? '' })
    expect(second).toMatchObject({ data: [{ id: last.id }], hasMore: false })
  })
})

describe('in the bucket', () => {
  test('a picture is put with a signature and its type, and loaded and deleted from there', async () => {
    const { through } = await inBucket()
    const image = await upload(through, pngOf(5, 5))
    const key = image.url.replace(/^.*\/images\//, '').replace('.png', '')
    expect(bucket.objects.get(key)).toEqual({ bytes: pngOf(5, 5), contentType: 'image/png' })
    const { rows } = await sql`select content from images where id = ${image.id}`.execute(instance.db)
    expect(rows).toEqual([{ content: null }])
    expect(await load(image.url, bucketRuntime())).toEqual(pngOf(5, 5))

    await through.call(['images', 'delete'], { id: image.id })
    expect(await load(image.url, bucketRuntime())).toBeUndefined()
    await hours(1)
    // A bucket that is down at that moment is asked again.
    bucket.failNext('DELETE', 403)
    const objects = openBucket(bucket.options)
    await expect(removeObjects(instance.db, objects)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    expect(bucket.objects.has(key)).toBe(true)
    expect(await removeObjects(instance.db, objects)).toBe(1)
    expect(bucket.objects.has(key)).toBe(false)
    expect(await removeObjects(instance.db, objects)).toBe(0)
  })

  test('one that the bucket does not take is refused, and none of it stays', async () => {
    const { project, through } = await inBucket()
    bucket.failNext('PUT', 403)
    await expect(upload(through, pngOf(6, 6))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    expect((await project.call(['images', 'list'], {})).data).toEqual([])
    const wrong = openBucket({ ...bucket.options, secretAccessKey: 'another' })
    await expect(wrong.get('x')).rejects.toMatchObject({
      cause: expect.objectContaining({ message: expect.stringMatching(/403.*Signature/) }),
    })
    await hours(1)
    expect(await removeObjects(instance.db, openBucket(bucket.options))).toBe(1)
  })

  test('an upload that was killed between bucket and row leaves nothing, and begun again it stays', async () => {
    const { project, through } = await inBucket()
    const objects = openBucket(bucket.options)
    const [killed, again] = [pngOf(7, 7), pngOf(8, 8)]
    for (const bytes of [killed, again]) {
      const hash = Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
      await expectObject(instance.db, { projectId: project.id, hash })
      await objects.put(objectKey({ projectId: project.id, hash }), { bytes, contentType: 'image/png', hash })
    }
    expect(await removeObjects(instance.db, objects)).toBe(0)
    const image = await upload(through, again)
    await hours(1)
    expect(await removeObjects(instance.db, objects)).toBe(1)
    expect([...bucket.objects.values()].map(({ bytes }) => bytes)).toEqual([again])
    expect(await load(image.url, bucketRuntime())).toEqual(again)

    // Deleted and uploaded again before the bucket was told: it stays for who uploads.
    await through.call(['images', 'delete'], { id: image.id })
    const anew = await upload(through, again)
    await hours(1)
    expect(await removeObjects(instance.db, objects)).toBe(0)
    expect(await load(anew.url, bucketRuntime())).toEqual(again)
  })

  test('goes with its project, and one in the database goes too', async () => {
    const { project, through } = await inBucket()
    const there = await upload(through, pngOf(9, 9))
    const here = await upload(project, pngOf(9, 10))
    await sql`update projects set deleted_at = now() where id = ${project.id}`.execute(instance.db)
    expect(await load(here.url)).toBeUndefined()
    await deleteProject(instance.db, project.id, { signal: new AbortController().signal, afterglowSeconds: 0 })
    await hours(1)
    await removeObjects(instance.db, openBucket(bucket.options))
    expect([...bucket.objects.keys()].filter((key) => key.startsWith(project.id))).toEqual([])
    expect(await load(there.url, bucketRuntime())).toBeUndefined()
    const { rows } = await sql`
      select from images where project_id = ${project.id} union all
      select from image_removals where project_id = ${project.id}
    `.execute(instance.db)
    expect(rows).toEqual([])
  })
})
