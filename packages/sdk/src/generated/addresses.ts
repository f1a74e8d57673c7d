// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions } from '../options.ts'
import type { AddressCheck, VerifyAddress } from './types.ts'

/** What can be known of an address without sending to it. */
export class AddressesResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * Check an e-mail address: its form, its domain in DNS, and whether it looks mistyped or short-lived.
   *
   * Nothing is sent, and no mail server is connected to.
   *
   * Takes a secret key with the scope `addresses:verify`.
   */
  verify(input: VerifyAddress, options?: KeyedRequestOptions): Answer<AddressCheck> {
    return this.#api.call('POST', '/v1/verify', { body: input, keyed: true, unwrap: true, options })
  }
}
