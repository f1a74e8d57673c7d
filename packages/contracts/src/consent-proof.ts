import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { Timestamp } from './primitives.ts'

const CLOCKS_DIFFER_MS = 5 * 60_000

export const Consent = z
  .object({
    source: z
      .string()
      .trim()
      .min(1)
      .max(LIMITS.consentSourceLength)
      .describe('Where the person agreed, such as `checkout` or the address of a page.'),
    text: z
      .string()
      .max(LIMITS.consentTextLength)
      .optional()
      .describe('The words that the person agreed to, or the name of their version.'),
    ip: z
      .union([z.ipv4(), z.ipv6()], { error: 'Expected an IP address.' })
      .optional()
      .describe('The IP address of the person, not that of your server.'),
    userAgent: z.string().max(LIMITS.consentAgentLength).optional().describe('The browser of the person.'),
    at: Timestamp.refine((at) => at.getTime() <= Date.now() + CLOCKS_DIFFER_MS, {
      error: 'This is in the future: say when the person agreed, or leave it out where that was just now.',
    })
      .optional()
      .describe(
        'When the person agreed, where that was earlier. Who opted out after that is not brought back; left out, it is when you ask, but an import brings nobody back then.',
      ),
    confirmed: z
      .boolean()
      .optional()
      .describe(
        'The person has shown already that the address is theirs, so they are not asked by mail (double opt-in). Says nothing with a public key.',
      ),
  })
  .meta({ id: 'Consent', description: 'How a person agreed to get mail. It is kept as the proof.' })

/** The consent that comes along with `subscribed: true`. */
export const consentProof = Consent.optional().describe(
  'How the person agreed, with `subscribed: true` or with topics. Somebody who opted out comes back by this alone, and only where they agreed after that.',
)

interface Agreeing {
  subscribed?: boolean | undefined
  topics?: Record<string, boolean> | undefined
  consent?: unknown
}

/** A consent says how somebody agreed to something, so that something has to be there. */
export function checkConsent({ subscribed, topics = {}, consent }: Agreeing, ctx: z.RefinementCtx): void {
  if (consent === undefined || subscribed === true || Object.values(topics).includes(true)) return
  const message = 'A consent goes with `subscribed: true`, or with a topic that is chosen.'
  ctx.addIssue({ code: 'custom', path: ['consent'], message })
}

/** How things stand with a contact, in one word. */
export const ConsentState = z.enum(['subscribed', 'unsubscribed', 'pending', 'opted-out']).meta({
  id: 'ConsentState',
  description:
    '`pending`: subscribed as soon as they press the button in the mail that asks them. `opted-out`: they refuse, and no `subscribed: true` changes that without a `consent` that is newer.',
})
