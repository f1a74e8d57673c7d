/** So many within so many seconds. */
export interface RateLimit {
  quota: number
  windowSeconds: number
}

/** What can be limited, and how far it is where `RATE_LIMITS` says `on`; `docs/configuration.md` lists them. */
export const RATE_LIMITS = {
  key: { quota: 1_000, windowSeconds: 10, counts: 'calls with one API key' },
  account: { quota: 600, windowSeconds: 60, counts: 'calls of one person who is signed in' },
  address: {
    quota: 300,
    windowSeconds: 60,
    counts:
      'calls from one network address (of IPv6: one /64) by nobody who is known, such as with a wrong key or signing in',
  },
  recipient: {
    quota: 100,
    windowSeconds: 3_600,
    counts:
      'mails to one address, as `to`, `cc` or `bcc`, that one project had accepted; a repeated `Idempotency-Key` is none',
  },
} as const satisfies Record<string, RateLimit & { counts: string }>

export type RateLimits = Partial<Record<keyof typeof RATE_LIMITS, RateLimit>>

const ENTRY = /^(\w+)=(?:(off)|(\d{1,9})\/(\d{1,6}))$/

/**
 * The limits that a setting means: `off`, `on` for the defaults, or what differs from them, such as
 * `key=50/10,recipient=off`. Undefined: none. Throws what is wrong with it.
 */
export function parseRateLimits(text: string): RateLimits | undefined {
  if (text === 'off') return undefined
  const limits: RateLimits = Object.fromEntries(
    Object.entries(RATE_LIMITS).map(([name, { quota, windowSeconds }]) => [name, { quota, windowSeconds }]),
  )
  if (text === 'on') return limits
  for (const entry of text.split(',')) {
    const [, name = '', off, quota, windowSeconds] = ENTRY.exec(entry.trim()) ?? []
    if (!isName(name))
      throw new Error(`expected \`on\`, \`off\`, or such as \`key=50/10\` for ${Object.keys(RATE_LIMITS).join(', ')}`)
    const limit = { quota: Number(quota), windowSeconds: Number(windowSeconds) }
    if (off !== undefined) limits[name] = undefined
    else if (limit.quota > 0 && limit.windowSeconds > 0) limits[name] = limit
    else throw new Error(`expected more than nothing in \`${name}\`; \`${name}=off\` takes the limit away`)
  }
  return limits
}

const isName = (name: string): name is keyof typeof RATE_LIMITS => Object.hasOwn(RATE_LIMITS, name)

/** The table of defaults for the documents. */
export const rateLimitRows = (): string[] =>
  Object.entries(RATE_LIMITS).map(
    ([name, { quota, windowSeconds, counts }]) => `| \`${name}\` | \`${quota}/${windowSeconds}\` | ${counts} |`,
  )
