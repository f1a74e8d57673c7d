import { noteForwarding, type Runtime } from '@posthorn/services'
import type { RequestHandler } from 'express'

const NOTED_EVERY_MS = 3_600_000

/** Notices requests that come through a proxy, so that `posthorn doctor` can say where it is not trusted. */
export function noticeForwarding({ db }: Runtime, trustedProxies: readonly string[]): RequestHandler {
  let notedAt = -Infinity
  return (req, _res, next) => {
    if (req.headers['x-forwarded-for'] !== undefined && performance.now() - notedAt > NOTED_EVERY_MS) {
      notedAt = performance.now()
      // No request waits for this, or fails with it.
      noteForwarding(db, trustedProxies.length > 0).catch(() => undefined)
    }
    next()
  }
}
