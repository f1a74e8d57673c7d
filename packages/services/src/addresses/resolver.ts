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

interface Answers<Answer> {
  answers: Answer[]
  /** There is no such domain, whatever is asked of it. */
  isMissing: boolean
}

export interface ResolverOptions {
  /** Whom to ask; left out, those that the machine asks. */
  servers?: readonly string[]
  timeoutMs?: number
}

/** Asks DNS, and remembers what it said for ten minutes. */
export function createResolver({ servers, timeoutMs = TIMEOUT_MS }: ResolverOptions = {}): AddressResolver {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  if (servers !== undefined) resolver.setServers(servers)
  const known = new LRUCache<string, DomainFacts>({ max: KEPT_DOMAINS, ttl: KEPT_MS })

  return async (domain) => {
    const before = known.get(domain)
    if (before !== undefined) return before
    const [mx, v4, v6] = await Promise.all([
      answersOf(resolver.resolveMx(domain)),
      answersOf(resolver.resolve4(domain)),
      answersOf(resolver.resolve6(domain)),
    ])
    if (mx === undefined) return undefined
    const exchanges = mx.answers.filter(({ exchange }) => exchange !== '' && exchange !== '.')
    const addresses = [v4, v6].flatMap((asked) => asked?.answers ?? [])
    // Only without mail servers does anything depend on addresses, and then no answer is no reason to call it dead.
    const isMissing = [mx, v4, v6].every((asked) => asked === undefined || asked.isMissing)
    const isUnsure = mx.answers.length === 0 && !isMissing && addresses.length === 0 && !(v4 && v6)
    if (isUnsure) return undefined
    const facts = {
      exists: !isMissing,
      hasMx: exchanges.length > 0,
      refusesMail: mx.answers.length > 0 && exchanges.length === 0,
      hasAddress: addresses.length > 0,
    }
    if (v4 && v6) known.set(domain, facts)
    return facts
  }
}

/** Undefined where nothing was said. */
async function answersOf<Answer>(asked: Promise<Answer[]>): Promise<Answers<Answer> | undefined> {
  try {
    return { answers: await asked, isMissing: false }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return NOTHING.has(code) ? { answers: [], isMissing: code !== 'ENODATA' } : undefined
  }
}
