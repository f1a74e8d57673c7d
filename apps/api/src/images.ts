import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ApiError, findImage, imageBytes, readImagePath, type PublicImage, type Runtime } from '@posthorn/services'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import { refuseMethod } from './methods.ts'
import { inTime, recordOf, type Served } from './requests.ts'

/** For who has loaded it once; longer than any mail is read. */
const FOR_GOOD = 'public, max-age=31536000, immutable'
/** Longer than a slow connection needs for the largest picture. */
const LOAD_MS = 120_000

const HARMLESS = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * The pictures that mails show. Everybody can load them, whoever they are; a file that somebody uploaded runs nothing,
 * even where a browser opens it as a page of its own.
 */
export function imageRouter(served: Pick<Served, 'runtime' | 'answerMs'>): Router {
  const router = Router({ caseSensitive: true })
  router
    .route('/images/:projectId/:file')
    .get(serveImage(served))
    .all(refuseMethod(['GET', 'HEAD']))
  return router
}

const serveImage =
  ({ runtime, answerMs }: Pick<Served, 'runtime' | 'answerMs'>): RequestHandler =>
  async (req, res) => {
    recordOf(res).operation = 'image'
    const address = readImagePath(req.path)
    const image = address && (await inTime(answerMs, findImage(runtime.db, address)))
    if (image === undefined) throw new ApiError('ROUTE_NOT_FOUND', 'There is no picture at this address.')
    const etag = `"${image.hash.toString('base64url')}"`
    // Of bytes that never change one knows without reading them.
    if (req.headers['if-none-match']?.includes(etag) === true) {
      res.set({ ...HARMLESS, 'Cache-Control': FOR_GOOD, ETag: etag })
      res.status(304).end()
      return
    }
    await send(runtime, { image, etag }, { req, res })
  }

async function send(
  runtime: Runtime,
  { image, etag }: { image: PublicImage; etag: string },
  { req, res }: { req: Request; res: Response },
): Promise<void> {
  const over = AbortSignal.timeout(LOAD_MS)
  const chunks = imageBytes(runtime, image, over)
  // What cannot be begun is still refused in words, which nobody keeps; later only the connection can tell.
  const first = req.method === 'HEAD' ? undefined : await chunks.next()
  res.set({ ...HARMLESS, 'Cache-Control': FOR_GOOD, ETag: etag, 'Content-Type': image.contentType })
  res.set('Content-Length', `${image.sizeBytes}`)
  if (first === undefined) {
    res.end()
    return
  }
  const all = async function* () {
    if (first.done !== true) yield first.value
    yield* chunks
  }
  await pipeline(Readable.from(all()), res, { signal: over }).catch(() => res.destroy())
}
