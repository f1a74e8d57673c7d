import {
  ApiError,
  changeConsent,
  chooseOfTopics,
  confirm,
  findConfirmation,
  findRecipient,
  isUnavailable,
  type Linked,
  type LinkPurpose,
  type Recipient,
} from '@posthorn/services'
import { Router, type NextFunction, type Request, type Response } from 'express'
import { headersOf } from '../answers.ts'
import { refuseMethod } from '../methods.ts'
import { inTime, recordOf, USER_AGENT_LENGTH, type Served } from '../requests.ts'
import { isOneClick, readStart } from './one-click.ts'
import { confirmationPage, confirmationText, consentPage, CONTENT_POLICY, lonePage } from './page.ts'
import { LANGUAGES } from './words.ts'

type Pages = Pick<Served, 'runtime' | 'answerMs'>
type Purpose = Exclude<LinkPurpose, 'confirm'>

/**
 * The pages that the links in mail lead to. Reading one changes nothing, since scanners open every link; only a POST
 * does, from the page or from the mail program (RFC 8058). The link is the proof, and cookies count for nothing.
 */
export function consentPages(served: Pages): Router {
  const router = Router({ caseSensitive: true })
  for (const purpose of ['unsubscribe', 'subscribe'] as const) {
    for (const path of [`/${purpose}/:token`, `/${purpose}/:token/:topic`]) {
      const route = router.route(path)
      route.get(answering((req, res) => show(served, purpose, { req, res })))
      route.post(answering((req, res) => decide(served, purpose, { req, res })))
      route.all(refuseMethod(['GET', 'POST']))
    }
  }
  const manage = router.route('/manage/:token')
  manage.get(answering((req, res) => show(served, 'manage', { req, res })))
  manage.post(answering((req, res) => choose(served, { req, res })))
  manage.all(refuseMethod(['GET', 'POST']))
  const confirming = router.route('/confirm/:token')
  confirming.get(answering((req, res) => askForWord(served, { req, res })))
  confirming.post(answering((req, res) => takeWord(served, { req, res })))
  confirming.all(refuseMethod(['GET', 'POST']))
  return router
}

interface Exchange {
  req: Request<{ token: string; topic?: string }>
  res: Response
}

/** Who reads these pages is a person, also while the database is away. */
function answering(work: (req: Exchange['req'], res: Response) => Promise<void>) {
  return async (req: Exchange['req'], res: Response, next: NextFunction): Promise<void> => {
    try {
      await work(req, res)
    } catch (error) {
      const isAway = isUnavailable(error) || (error instanceof ApiError && error.code === 'SERVICE_UNAVAILABLE')
      if (!isAway) return next(error)
      recordOf(res).code = 'SERVICE_UNAVAILABLE'
      res.set(headersOf(503))
      answer(res, 503, lonePage('unavailable', languageOf(req)))
    }
  }
}

async function show({ runtime, answerMs }: Pages, purpose: Purpose, { req, res }: Exchange): Promise<void> {
  recordOf(res).operation = `${purpose} page`
  const linked = runtime.links.read(purpose, req.params)
  if (linked === undefined) return notFound({ req, res })
  const { topic } = req.params
  const recipient = await inTime(answerMs, findRecipient(runtime.db, { ...linked, topic }))
  answer(res, 200, pageFor(runtime, { purpose, linked, recipient, req }))
}

async function decide(
  { runtime, answerMs }: Pages,
  purpose: Exclude<Purpose, 'manage'>,
  { req, res }: Exchange,
): Promise<void> {
  recordOf(res).operation = purpose
  const linked = runtime.links.read(purpose, req.params)
  if (linked === undefined) return notFound({ req, res })
  const body = await readStart(req)
  const decision = {
    ...linked,
    topic: req.params.topic,
    subscribed: purpose === 'subscribe',
    how: isOneClick(body) ? ('one-click' as const) : ('page' as const),
    ...signOf(req),
  }
  const recipient = await inTime(answerMs, changeConsent(runtime.db, decision))
  answer(res, 200, pageFor(runtime, { purpose, linked, recipient, req }))
}

async function choose({ runtime, answerMs }: Pages, { req, res }: Exchange): Promise<void> {
  recordOf(res).operation = 'choose topics'
  const linked = runtime.links.read('manage', req.params)
  if (linked === undefined) return notFound({ req, res })
  const fields = new URLSearchParams(await readStart(req))
  const selection = { ...linked, shown: fields.getAll('shown'), wanted: fields.getAll('topic'), ...signOf(req) }
  const recipient = await inTime(answerMs, chooseOfTopics(runtime.db, { ...selection, how: 'page' }))
  answer(res, 200, pageFor(runtime, { purpose: 'manage', linked, recipient, req, isSaved: true }))
}

async function askForWord({ runtime, answerMs }: Pages, { req, res }: Exchange): Promise<void> {
  recordOf(res).operation = 'confirm page'
  const asked = runtime.links.read('confirm', req.params)
  if (asked === undefined) return notFound({ req, res })
  const question = { projectId: asked.projectId, id: asked.contactId }
  const confirmation = await inTime(answerMs, findConfirmation(runtime.db, question))
  if (confirmation === undefined) return answer(res, 200, lonePage('gone', languageOf(req)))
  answer(res, 200, confirmationPage(confirmation, req.params.token))
}

async function takeWord({ runtime, answerMs }: Pages, { req, res }: Exchange): Promise<void> {
  recordOf(res).operation = 'confirm'
  const asked = runtime.links.read('confirm', req.params)
  if (asked === undefined) return notFound({ req, res })
  const question = { projectId: asked.projectId, id: asked.contactId }
  const read = await inTime(answerMs, findConfirmation(runtime.db, question))
  if (read === undefined) return answer(res, 200, lonePage('gone', languageOf(req)))
  const word = { ...question, ...signOf(req), text: confirmationText(read) }
  const confirmation = await inTime(answerMs, confirm(runtime.db, word))
  answer(
    res,
    200,
    confirmation === undefined ? lonePage('gone', languageOf(req)) : confirmationPage(confirmation, req.params.token),
  )
}

const signOf = (req: Exchange['req']) => ({
  ip: req.ip,
  userAgent: req.get('user-agent')?.slice(0, USER_AGENT_LENGTH),
})

interface Found {
  purpose: Purpose
  linked: Linked
  recipient: Recipient | undefined
  req: Exchange['req']
  isSaved?: boolean
}

function pageFor({ links }: Served['runtime'], { purpose, linked, recipient, req, isSaved = false }: Found): string {
  if (recipient === undefined) return lonePage('gone', languageOf(req))
  // Where the buttons lead is relative, so that the pages work behind any address.
  const back = req.params.topic === undefined ? '..' : '../..'
  const to = (of: Purpose, topic?: string) =>
    `${back}/${of}/${links.sign(of, linked, topic)}${topic === undefined ? '' : `/${topic}`}`
  const topic = recipient.topic?.id
  const actions = {
    subscribe: to('subscribe'),
    unsubscribe: to('unsubscribe'),
    manage: to('manage'),
    choose: to('subscribe', topic),
    leave: to('unsubscribe', topic),
  }
  return consentPage({ purpose, recipient, actions, isSaved })
}

const notFound = ({ req, res }: Exchange) => answer(res, 404, lonePage('notFound', languageOf(req)))

/** The browser's, where nothing is known of the reader. */
const languageOf = (req: Exchange['req']): string => req.acceptsLanguages(LANGUAGES) || 'en'

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
