import { z } from 'zod'
import { defineOperations } from './define.ts'
import { LIMITS } from './limits.ts'

const AddressCheck = z
  .object({
    email: z.string().describe('The address in its one form, or as it was given where it is malformed.'),
    valid: z.boolean().describe('Whether mail to it could be delivered, as far as can be seen from outside.'),
    isDisposable: z.boolean().describe('Whether its domain hands out addresses for a few minutes.'),
    isRole: z.boolean().describe('Whether it belongs to an office and not a person, such as `info@`.'),
    isAlias: z.boolean().describe('The same as `isPlusAddressed`, by Plunk’s name.'),
    isPlusAddressed: z.boolean().describe('Whether it has a tag, as in `ada+news@`.'),
    isPersonalEmail: z
      .boolean()
      .describe('Whether its domain is that of a mail provider for everybody, and not of disposable addresses.'),
    isTypo: z.boolean().describe('Whether another domain was probably meant; see `suggestedEmail`.'),
    suggestedEmail: z.string().optional(),
    domainExists: z.boolean(),
    hasMxRecords: z.boolean().describe('Whether the domain names servers for its mail (RFC 5321, section 5.1).'),
    hasWebsite: z.boolean().describe('Whether the domain has an address of its own in DNS.'),
    isUncertain: z.boolean().describe('True where DNS gave no answer in time, so nothing is held against the address.'),
    reasons: z.array(z.string()).describe('What was found, in words.'),
  })
  .meta({ id: 'AddressCheck', description: 'What can be known of an address without sending to it.' })

export const addresses = defineOperations({
  verify: {
    summary: 'Check an e-mail address: its form, its domain in DNS, and whether it looks mistyped or short-lived',
    description: 'Nothing is sent, and no mail server is connected to.',
    scope: 'addresses:verify',
    rest: { method: 'POST', path: '/v1/verify' },
    input: z
      .object({ email: z.string().min(1).max(LIMITS.mailboxTextLength).describe('The address, also a malformed one.') })
      .meta({ id: 'VerifyAddress', description: 'The address to check.' }),
    output: AddressCheck,
    envelope: 'plunk',
    readsByPost: true,
  },
})
