import { parseAddress } from '@posthorn/contracts/addresses'
import type { Output } from '@posthorn/contracts'
import type { Handlers } from '../handlers.ts'
import { isDisposable, isOffice, isProvider, meantDomain } from './domains.ts'
import type { AddressResolver } from './resolver.ts'

type AddressCheck = Output<'addresses', 'verify'>

export const addresses: Handlers<'addresses'> = {
  verify: ({ runtime }, { email }) => checkAddress(runtime.resolveDomain, email),
}

const NOTHING_KNOWN = {
  isDisposable: false,
  isRole: false,
  isAlias: false,
  isPlusAddressed: false,
  isPersonalEmail: false,
  isTypo: false,
  domainExists: false,
  hasMxRecords: false,
  hasWebsite: false,
  isUncertain: false,
}

/** All that can be known of an address from outside. Only what surely cannot be delivered to is not valid. */
async function checkAddress(resolve: AddressResolver, given: string): Promise<AddressCheck> {
  const parsed = parseAddress(given)
  if (!parsed.ok) return { ...NOTHING_KNOWN, email: given, valid: false, reasons: [parsed.problem] }
  const email = parsed.value
  const at = email.lastIndexOf('@')
  const [localPart, domain] = [email.slice(0, at), email.slice(at + 1)]
  const facts = await resolve(domain)
  const meant = meantDomain(domain)
  // Lists of domains have mistypings on them, of which nothing more is to be said.
  const disposable = meant === undefined && isDisposable(domain)
  const isPlusAddressed = localPart.includes('+')
  const found = {
    isDisposable: disposable,
    isRole: isOffice(localPart.split('+')[0] ?? ''),
    isAlias: isPlusAddressed,
    isPlusAddressed,
    // The list of providers has those on it that hand out addresses for a few minutes.
    isPersonalEmail: meant === undefined && !disposable && isProvider(domain),
    isTypo: meant !== undefined,
    domainExists: facts?.exists ?? true,
    hasMxRecords: facts?.hasMx ?? false,
    hasWebsite: facts?.hasAddress ?? false,
    isUncertain: facts === undefined,
  }
  const dead = facts === undefined ? undefined : whyDead(facts)
  return {
    email,
    valid: dead === undefined,
    ...found,
    ...(meant !== undefined && { suggestedEmail: `${localPart}@${meant}` }),
    reasons: [
      dead ?? (found.isUncertain ? 'DNS gave no answer in time.' : undefined),
      facts !== undefined && dead === undefined && !facts.hasMx
        ? 'The domain names no mail server, so its own address is tried.'
        : undefined,
      found.isDisposable ? 'The domain hands out addresses for a few minutes.' : undefined,
      found.isRole ? 'It belongs to an office and not to a person.' : undefined,
      meant === undefined ? undefined : `Perhaps ${meant} was meant.`,
      isPlusAddressed ? 'It has a tag behind a plus.' : undefined,
    ].filter((reason) => reason !== undefined),
  }
}

function whyDead({ exists, hasMx, refusesMail, hasAddress }: NonNullable<Awaited<ReturnType<AddressResolver>>>) {
  if (!exists) return 'The domain does not exist.'
  if (refusesMail) return 'The domain says that it takes no mail.'
  return hasMx || hasAddress ? undefined : 'The domain has neither a mail server nor an address.'
}
