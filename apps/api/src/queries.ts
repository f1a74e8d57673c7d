import { fieldRefusal } from '@posthorn/services'
import type { Request } from 'express'

/** The parameters behind an address, each given once. */
export function queryOf(req: Request): Record<string, unknown> {
  const query = req.query as Record<string, unknown>
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) throw fieldRefusal(name, 'This parameter is given more than once.')
  }
  return { ...query }
}
