import { ApiError } from '@posthorn/services'
import type { RequestHandler } from 'express'

/** For an address that exists, but not with this method. */
export function refuseMethod(methods: readonly string[]): RequestHandler {
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
  return (req, res) => {
    res.setHeader('Allow', allowed)
    if (req.method === 'OPTIONS') {
      res.status(204).end()
      return
    }
    throw new ApiError('METHOD_NOT_ALLOWED', `${req.method} is not possible here.`, { suggestion: `Use ${allowed}.` })
  }
}
