import { IMAGE_TYPES } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { Runtime } from '../runtime.ts'
import type { Bucket } from './bucket.ts'
import type { ImageType } from './inspect.ts'
import { objectKey } from './objects.ts'

/** At a time; so much of a picture is in memory, however many people load it slowly. */
const CHUNK_BYTES = 256 * 1024

export interface ImageAddress {
  projectId: string
  hash: Buffer
  type: ImageType
}

/** What everybody can load. */
export interface PublicImage extends ImageAddress {
  contentType: string
  sizeBytes: number
  isInBucket: boolean
}

const ADDRESS = /^\/images\/([0-9a-f-]{36})\/([0-9a-f]{64})\.(png|jpg|gif|webp)$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Where everybody can load a picture. Nobody guesses 256 bits, and what is there never changes. */
export const imagePath = ({ projectId, hash, type }: ImageAddress): string =>
  `/images/${projectId}/${hash.toString('hex')}.${type}`

/** What `imagePath` writes; undefined for every other path. */
export function readImagePath(path: string): ImageAddress | undefined {
  const [, projectId, hash, type] = ADDRESS.exec(path) ?? []
  if (projectId === undefined || hash === undefined || !UUID.test(projectId)) return undefined
  return { projectId, hash: Buffer.from(hash, 'hex'), type: type as ImageType } // Safe because of the expression.
}

/** The picture at an address; undefined where there is none, or its project has ended. */
export async function findImage(db: Db, { projectId, hash, type }: ImageAddress): Promise<PublicImage | undefined> {
  const { rows } = await sql<{ sizeBytes: number; isInBucket: boolean }>`
    select size_bytes as "sizeBytes", content is null as "isInBucket"
    from images join projects on projects.id = project_id and deleted_at is null
    where project_id = ${projectId} and hash = ${hash} and type = ${type}
  `.execute(db)
  const [row] = rows
  return row && { projectId, hash, type, contentType: IMAGE_TYPES[type], ...row }
}

/** Its bytes, read as fast as they are taken. Ends early, with an error, where the picture is deleted meanwhile. */
export async function* imageBytes(
  { db, bucket }: Pick<Runtime, 'db' | 'bucket'>,
  image: PublicImage,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  yield* image.isInBucket ? objectBytes(bucket, image, signal) : storedBytes(db, image)
}

async function* objectBytes(bucket: Bucket | undefined, image: PublicImage, signal: AbortSignal) {
  const body = await bucket?.get(objectKey(image), signal)
  if (body === undefined) throw new Error('a picture is not in the bucket that its row says it is in')
  yield* body
}

async function* storedBytes(db: Db, { projectId, hash, sizeBytes }: PublicImage): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < sizeBytes; from += CHUNK_BYTES) {
    const { rows } = await sql<{ chunk: Buffer }>`
      select substring(content from ${from + 1}::int for ${CHUNK_BYTES}::int) as chunk from images
      where project_id = ${projectId} and hash = ${hash}
    `.execute(db)
    const [row] = rows
    if (row === undefined) throw new Error('the picture was deleted while it was read')
    yield row.chunk
  }
}
