import { Resolver } from 'node:dns/promises'
import { LRUCache } from 'lru-cache'

/** What DNS says of the mail of a domain. */
export interface DomainFacts {
  exists: boolean
  hasMx: boolean
  /** It says that it takes no mail at all (RFC 7505). */
  refusesMail: boolean
  hasAddress: boolean
}

/** Undefined where DNS gave no answer in time. */
export type AddressResolver = (domain: string) => Promise<DomainFacts | undefined>

const TIMEOUT_MS = 2_000
const KEPT_MS = 10 * 60_000
const KEPT_DOMAINS = 10_000

/** DNS said that there is nothing, as opposed to having said nothing. */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA', 'NXDOMAIN'])

/** Asks DNS, and remembers what it said for ten minutes. */
export function createResolver(): AddressResolver {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 })
  const known = new LRUCache<string, DomainFacts>({ max: KEPT_DOMAINS, ttl: KEPT_MS })

  const answersOf = async <Answer>(
    ask: () => Promise<Answer[]>,
  ): Promise<{ answers: Answer[]; isMissing: boolean }> => {
    try {
      return { answers: await ask(), isMissing: false }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (!NOTHING.has(code)) throw error
      return { answers: [], isMissing: code !== 'ENODATA' }
    }
  }

  return async (domain) => {
    const before = known.get(domain)
    if (before !== undefined) return before
    try {
      const [mx, v4, v6] = await Promise.all([
        answersOf(() => resolver.resolveMx(domain)),
        answersOf(() => resolver.resolve4(domain)),
        answersOf(() => resolver.resolve6(domain)),
      ])
      const servers = mx.answers.filter(({ exchange }) => exchange !== '' && exchange !== '.')
      const facts = {
        exists: !(mx.isMissing && v4.isMissing && v6.isMissing),
        hasMx: servers.length > 0,
        refusesMail: mx.answers.length > 0 && servers.length === 0,
        hasAddress: v4.answers.length + v6.answers.length > 0,
      }
      known.set(domain, facts)
      return facts
    } catch {
      return undefined
    }
  }
}
