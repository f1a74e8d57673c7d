import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import type { Taken } from '@posthorn/contracts'
import { ApiError, bounded, fieldRefusal, gunzipped, tooLarge, type ReceivedBody } from '@posthorn/services'
import type { Request, Response } from 'express'
import { waitForBody } from './lateness.ts'

const FORM = 'multipart/form-data'
/** How long a client may go on sending what is not read any more, so that it comes to see the answer. */
const FAREWELL_MS = 15_000
/** One file more than is taken, so that it can be refused by its name. */
const FORM_LIMITS = { files: 2, fields: 20, fieldSize: 1024, parts: 22, headerPairs: 20 }

export interface UploadedBody extends ReceivedBody {
  /** What a form says before its file: the same as the query of the address would. */
  fields: ReadonlyMap<string, string>
}

/**
 * Takes a body as it comes: no more of it is held than its reader asks for, and it may last as long as it keeps coming.
 * A form is taken for the file that it holds.
 */
export async function receiveBody(
  { types, maxBytes, plunkField }: Taken,
  { req, res, idleMs }: { req: Request; res: Response; idleMs: number },
): Promise<UploadedBody> {
  if (!req.is([...types, FORM])) throw wrongType(types)
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  waitForBody(req)
  const over = endOf(req, res)
  const packed = bounded(arriving(req, { idleMs, over }), maxBytes)
  const chunks = bounded(unpack(req, packed), maxBytes)
  if (req.is(FORM)) {
    const file = await fileOf({ headers: req.headers, names: ['file', plunkField] }, chunks, over)
    return { ...file, signal: over }
  }
  const type = (req.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  return { type, filename: undefined, fields: new Map(), chunks, signal: over }
}

/** Once the answer is out, the rest of the body is let in and thrown away, for a while. */
function endOf(req: Request, res: Response): AbortSignal {
  const over = new AbortController()
  res.once('close', () => over.abort(cutOff()))
  res.once('finish', () => {
    over.abort()
    if (req.complete) return
    const timer = setTimeout(() => req.socket.destroy(), FAREWELL_MS)
    req.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer))
    setImmediate(() => req.resume())
  })
  return over.signal
}

async function* arriving(req: Request, { idleMs, over }: { idleMs: number; over: AbortSignal }) {
  // Otherwise the connection would end with the loop, and nobody could be told why.
  const chunks = req.iterator({ destroyOnReturn: false })
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => undefined)
  over.addEventListener('abort', () => ended.reject(cutOff()), { once: true })
  try {
    for (;;) {
      const idle = Promise.withResolvers<never>()
      const timer = setTimeout(() => idle.reject(tooSlow(idleMs)), idleMs)
      const next = chunks.next().catch((error: unknown) => Promise.reject(cutOff(error)))
      const { value, done } = await Promise.race([next, idle.promise, ended.promise]).finally(() => clearTimeout(timer))
      if (done) return
      yield value as Buffer // Safe because no encoding is set.
    }
  } finally {
    // Not awaited: what still waits for the next chunk would keep it from ending.
    void chunks.return?.()
  }
}

function unpack(req: Request, packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const encoding = (req.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding === 'identity') return packed
  if (encoding === 'gzip' || encoding === 'x-gzip')
    return gunzipped(packed, 'The body is not packed as its Content-Encoding says.')
  throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'The body is packed in a way that is not read here.', {
    suggestion: 'Send it as it is, or with `Content-Encoding: gzip`.',
  })
}

function fileOf(
  { headers, names }: { headers: Request['headers']; names: readonly (string | undefined)[] },
  chunks: AsyncIterable<Uint8Array>,
  over: AbortSignal,
): Promise<UploadedBody> {
  const found = Promise.withResolvers<UploadedBody>()
  const form = openForm(headers)
  const fields = new Map<string, string>()
  let file: Readable | undefined
  const refuse = (refusal: ApiError) => void form.destroy(refusal)
  form.on('field', (name, value, _isNameCut, isCut) => {
    if (file !== undefined) refuse(tooLate(name))
    else if (fields.has(name)) refuse(fieldRefusal(name, 'This field is given more than once.'))
    else if (isCut) refuse(fieldRefusal(name, `This field is longer than ${FORM_LIMITS.fieldSize} bytes.`))
    else fields.set(name, value)
  })
  form.on('file', (name, stream, filename, _encoding, type) => {
    // Whoever reads it is told; until somebody does, it would end the process.
    stream.on('error', () => undefined)
    const fault = file !== undefined ? oneFile(name) : names.includes(name) ? undefined : noFile()
    if (fault !== undefined) {
      refuse(fault)
      return
    }
    file = stream
    found.resolve({
      type: type.toLowerCase(),
      filename: filename === '' ? undefined : unquoted(filename),
      fields,
      chunks: read(stream, whole),
    })
  })
  for (const limit of ['fieldsLimit', 'partsLimit', 'filesLimit'] as const) form.on(limit, () => refuse(tooMuch()))
  const whole = pipeline(chunks, form, { signal: over }).then(
    () => found.reject(noFile()),
    (error: unknown) => {
      const refusal = error instanceof ApiError ? error : malformedForm(error)
      file?.destroy(refusal)
      found.reject(refusal)
      throw refusal
    },
  )
  whole.catch(() => undefined)
  return found.promise
}

/** Browsers write three characters of a name in this way, since they would end it or its line, and all others as they are. */
const unquoted = (filename: string): string =>
  filename.replaceAll(/%(22|0d|0a)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

function openForm(headers: Request['headers']): BusboyInstance {
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits: FORM_LIMITS }) // Safe because it is a form by its type.
  } catch (error) {
    throw malformedForm(error)
  }
}

/** Ends only with the form: what stands behind the file may be a reason to refuse it. */
async function* read(file: Readable, form: Promise<void>): AsyncGenerator<Buffer> {
  try {
    yield* file
    await form
  } catch (error) {
    throw error instanceof ApiError ? error : malformedForm(error)
  }
}

const wrongType = (types: readonly string[]) =>
  new ApiError('UNSUPPORTED_MEDIA_TYPE', 'The body is of a type that this operation does not take.', {
    suggestion: `Send it as ${types.join(', ')}, or as the field \`file\` of a form (${FORM}).`,
  })

const tooSlow = (idleMs: number) =>
  new ApiError('REQUEST_TIMEOUT', `Nothing of the body arrived for ${idleMs / 1000} seconds.`)

const cutOff = (cause?: unknown) =>
  new ApiError('BAD_REQUEST', 'The connection ended before the request did.', { cause })

const noFile = () => fieldRefusal('file', 'The form has no file of this name.')

const tooLate = (field: string) =>
  fieldRefusal(field, `It stands behind the file: send it before, or in the query of the URL (\`?${field}=…\`).`)

const oneFile = (field: string) => fieldRefusal(field, 'A form has one file; send each by a request of its own.')

const tooMuch = () =>
  new ApiError('BAD_REQUEST', 'The form has too many fields: it takes one file, and what the query of the URL takes.')

const malformedForm = (cause: unknown) => new ApiError('BAD_REQUEST', 'The form is malformed or cut off.', { cause })
