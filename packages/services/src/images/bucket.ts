import { AwsClient } from 'aws4fetch'
import { ApiError } from '../errors.ts'

/** Where an S3-compatible storage is, and how one may write there. */
export interface BucketOptions {
  /** Without the name of the bucket: `https://s3.eu-central-1.amazonaws.com`. */
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/** An object as it is put: `hash` is the SHA-256 of its bytes, which the storage checks. */
export interface NewObject {
  bytes: Buffer
  contentType: string
  hash: Buffer
}

/** A bucket, as far as pictures need it. Whatever it refuses is STORAGE_UNAVAILABLE to the caller. */
export interface Bucket {
  put(key: string, object: NewObject): Promise<void>
  /** Undefined where there is no such object. */
  get(key: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array> | undefined>
  /** Also where there is no such object. */
  remove(key: string): Promise<void>
}

/** Less than a caller waits for the answer. */
const PATIENCE_MS = 10_000
/** For what it says of an error, which is XML and short. */
const SAID_LENGTH = 300

/** Speaks to a bucket by path (`endpoint/bucket/key`), which all that speak S3 understand. */
export function openBucket({ endpoint, bucket, region, accessKeyId, secretAccessKey }: BucketOptions): Bucket {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 1 })
  const base = `${endpoint.replace(/\/+$/, '')}/${bucket}`
  const ask = async (key: string, init: RequestInit, taken: readonly number[]): Promise<Response> => {
    const answer = await reaching(() => client.fetch(`${base}/${key}`, init))
    if (taken.includes(answer.status)) return answer
    const said = (await answer.text().catch(() => '')).slice(0, SAID_LENGTH)
    throw storageUnavailable(new Error(`the bucket answered ${answer.status}: ${said}`))
  }
  return {
    async put(key, { bytes, contentType, hash }) {
      const headers = { 'Content-Type': contentType, 'X-Amz-Content-Sha256': hash.toString('hex') }
      const init = { method: 'PUT', body: new Uint8Array(bytes), headers, signal: AbortSignal.timeout(PATIENCE_MS) }
      const answer = await ask(key, init, [200, 201, 204])
      await answer.body?.cancel()
    },
    async get(key, signal = AbortSignal.timeout(PATIENCE_MS)) {
      const answer = await ask(key, { signal }, [200, 404])
      if (answer.status === 200 && answer.body !== null) return answer.body
      await answer.body?.cancel()
      return undefined
    },
    async remove(key) {
      const answer = await ask(
        key,
        { method: 'DELETE', signal: AbortSignal.timeout(PATIENCE_MS) },
        [200, 202, 204, 404],
      )
      await answer.body?.cancel()
    },
  }
}

async function reaching<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw storageUnavailable(error)
  }
}

const storageUnavailable = (cause: unknown) =>
  new ApiError('STORAGE_UNAVAILABLE', 'The storage of pictures does not answer at the moment.', {
    suggestion: 'Try again in a moment.',
    cause,
  })
