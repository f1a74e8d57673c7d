import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Db } from '@posthorn/db'
import type { GenericEndpointContext } from 'better-auth'
import { sql } from 'kysely'
import { networkOf } from './networks.ts'

const COOKIE = 'device'
const COOKIE_SECONDS = 400 * 86_400
const ID = /^([\w-]{22})\.([\w-]{43})$/

type Ctx = GenericEndpointContext

/** Bound to the account, so that a browser is known to those alone that have signed in on it. */
const sealOf = (ctx: Ctx, id: string, email: string) =>
  createHmac('sha256', ctx.context.secret).update(`device ${id} ${email}`).digest('base64url')

/** The id of this browser, where somebody has signed in to this account on it before. */
export async function isKnownDevice(ctx: Ctx, email: string): Promise<string | undefined> {
  const { name } = ctx.context.createAuthCookie(COOKIE)
  const [, id, seal] = ID.exec((await ctx.getSignedCookie(name, ctx.context.secret)) || '') ?? []
  if (id === undefined || seal === undefined) return undefined
  const expected = sealOf(ctx, id, email)
  return timingSafeEqual(Buffer.from(seal), Buffer.from(expected)) ? id : undefined
}

/** The id of a browser that somebody was in with before, on whichever account. */
export async function browserId(ctx: Ctx): Promise<string | undefined> {
  const { name } = ctx.context.createAuthCookie(COOKIE)
  return ID.exec((await ctx.getSignedCookie(name, ctx.context.secret)) || '')?.[1]
}

/** Lets this browser be known to the account from now on. It grants nothing but a count of its own. */
export async function rememberDevice(ctx: Ctx, email: string): Promise<void> {
  const { name, attributes } = ctx.context.createAuthCookie(COOKIE, { maxAge: COOKIE_SECONDS })
  const id = randomBytes(16).toString('base64url')
  await ctx.setSignedCookie(name, `${id}.${sealOf(ctx, id, email)}`, ctx.context.secret, attributes)
}

export interface Whence {
  ip: string
  userAgent: string
}

/** Notes from where somebody signed in, and says whether that is new; the first time of all is not. */
export async function isNewDevice(db: Db, userId: string, { ip, userAgent }: Whence): Promise<boolean> {
  const fingerprint = createHash('sha256')
    .update(`${widerNetworkOf(ip)}\n${userAgent}`)
    .digest()
  const { rows } = await sql<{ is_first: boolean }>`
    with noted as (
      insert into auth.devices (user_id, fingerprint) values (${userId}, ${fingerprint})
      on conflict (user_id, fingerprint) do update set seen_at = now()
      returning xmax = 0 as is_new
    )
    select not exists (select from auth.devices where user_id = ${userId}) as is_first from noted where is_new
  `.execute(db)
  return rows[0]?.is_first === false
}

/** Providers hand out other addresses of the same network every day. */
function widerNetworkOf(ip: string): string {
  const network = networkOf(ip)
  return network.includes(':') ? network : network.split('.').slice(0, 3).join('.')
}
