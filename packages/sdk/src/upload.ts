/** A file to upload. What has an end can be sent again; a stream is read as it is sent, however long it is. */
export type FileBody =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | string
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>

type Body = NonNullable<RequestInit['body']>

/** How long an upload takes nobody knows: it has no time-out unless one is chosen. */
export const UPLOAD_TIMEOUT_MS = Infinity

const isBlob = (file: FileBody): file is Blob => typeof Blob !== 'undefined' && file instanceof Blob

/** Whether the same file can be sent a second time. */
export const isReusable = (file: FileBody): boolean =>
  typeof file === 'string' || isBlob(file) || file instanceof ArrayBuffer || ArrayBuffer.isView(file)

/** What `fetch` is told of a file. */
export function requestInitOf(file: FileBody): { body: Body; duplex?: 'half' } {
  // Safe because Node's fetch takes iterables as it takes streams; the types are those of browsers.
  const body = file as Body
  return isReusable(file) ? { body } : { body, duplex: 'half' }
}

export const typeOf = (file: FileBody): string =>
  isBlob(file) && file.type !== '' ? file.type : 'application/octet-stream'
