import {
  changeConsent,
  findRecipient,
  LINK_PURPOSES,
  type Linked,
  type LinkPurpose,
  type Recipient,
} from '@posthorn/services'
import { Router, type Request, type Response } from 'express'
import { refuseMethod } from '../methods.ts'
import { inTime, recordOf, USER_AGENT_LENGTH, type Served } from '../requests.ts'
import { isOneClick, readStart } from './one-click.ts'
import { consentPage, CONTENT_POLICY, lonePage } from './page.ts'
import { LANGUAGES } from './words.ts'

type Pages = Pick<Served, 'runtime' | 'answerMs'>

/**
 * The pages that the links in mail lead to. Reading one changes nothing, since scanners open every link; only a POST
 * does, from the page or from the mail program (RFC 8058). The link is the proof, and cookies count for nothing.
 */
export function consentPages(served: Pages): Router {
  const router = Router({ caseSensitive: true })
  for (const purpose of LINK_PURPOSES) {
    const route = router.route(`/${purpose}/:token`)
    route.get((req, res) => show(served, purpose, { req, res }))
    if (purpose !== 'manage') route.post((req, res) => decide(served, purpose, { req, res }))
    route.all(refuseMethod(purpose === 'manage' ? ['GET'] : ['GET', 'POST']))
  }
  return router
}

interface Exchange {
  req: Request<{ token: string }>
  res: Response
}

async function show({ runtime, answerMs }: Pages, purpose: LinkPurpose, { req, res }: Exchange): Promise<void> {
  recordOf(res).operation = `${purpose} page`
  const linked = runtime.links.read(purpose, req.params.token)
  if (linked === undefined) return answer(res, 404, lonePage('notFound', languageOf(req)))
  const recipient = await inTime(answerMs, findRecipient(runtime.db, linked))
  answer(res, 200, pageFor(runtime, { purpose, linked, recipient, req }))
}

async function decide(
  { runtime, answerMs }: Pages,
  purpose: 'subscribe' | 'unsubscribe',
  { req, res }: Exchange,
): Promise<void> {
  recordOf(res).operation = purpose
  const linked = runtime.links.read(purpose, req.params.token)
  if (linked === undefined) return answer(res, 404, lonePage('notFound', languageOf(req)))
  const body = await readStart(req)
  const decision = {
    ...linked,
    subscribed: purpose === 'subscribe',
    how: isOneClick(body) ? ('one-click' as const) : ('page' as const),
    ip: req.ip,
    userAgent: req.get('user-agent')?.slice(0, USER_AGENT_LENGTH),
  }
  const recipient = await inTime(answerMs, changeConsent(runtime.db, decision))
  answer(res, 200, pageFor(runtime, { purpose, linked, recipient, req }))
}

interface Found {
  purpose: LinkPurpose
  linked: Linked
  recipient: Recipient | undefined
  req: Request<{ token: string }>
}

function pageFor({ links }: Served['runtime'], { purpose, linked, recipient, req }: Found): string {
  if (recipient === undefined) return lonePage('gone', languageOf(req))
  const tokens = { subscribe: links.sign('subscribe', linked), unsubscribe: links.sign('unsubscribe', linked) }
  return consentPage({ purpose, recipient, tokens })
}

/** The browser's, where nothing is known of the reader. */
const languageOf = (req: Request<{ token: string }>): string => req.acceptsLanguages(LANGUAGES) || 'en'

function answer(res: Response, status: number, html: string): void {
  res.set({
    'Content-Security-Policy': CONTENT_POLICY,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    'X-Robots-Tag': 'noindex, nofollow',
  })
  res.status(status).type('html').send(html)
}
