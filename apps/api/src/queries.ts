import { ApiError, fieldRefusal } from '@posthorn/services'
import type { Request } from 'express'

/** The parameters behind an address, each given once. */
export function queryOf(req: Request): Record<string, unknown> {
  requireDecodable(req.url)
  const query = req.query as Record<string, unknown>
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) throw fieldRefusal(name, 'This parameter is given more than once.')
  }
  return { ...query }
}

/** Decoding would put replacement characters in place of what is malformed, and nobody would notice. */
function requireDecodable(url: string): void {
  const start = url.indexOf('?')
  if (start < 0) return
  try {
    decodeURIComponent(url.slice(start))
  } catch (error) {
    throw new ApiError('BAD_REQUEST', 'The parameters behind the address are not percent-encoded as UTF-8.', {
      suggestion: 'Encode each value as `encodeURIComponent` does; `%` itself is `%25`.',
      cause: error,
    })
  }
}
