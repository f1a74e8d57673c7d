// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type { CreateKey, Key, KeyPage, KeyWithSecret, ListKeys, RegenerateKey, RegeneratedKey } from './types.ts'

/** API keys. Only a key that was given `keys:*` on purpose may work with them. */
export class KeysResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * List API keys, newest first.
   *
   * Takes a secret key with the scope `keys:read`, which no key holds unless it was given.
   */
  list(query?: ListKeys, options?: RequestOptions): Pages<KeyPage> {
    return this.#api.pages('/v1/keys', { query, options })
  }

  /**
   * Create an API key.
   *
   * A key can be given only what the one who asks holds.
   *
   * Takes a secret key with the scope `keys:write`, which no key holds unless it was given.
   */
  create(input: CreateKey, options?: RequestOptions): Answer<KeyWithSecret> {
    return this.#api.call('POST', '/v1/keys', { body: input, options })
  }

  /**
   * Replace a key by a new one; the old one is dead when the answer arrives, or after the overlap.
   *
   * Takes a secret key with the scope `keys:write`, which no key holds unless it was given.
   *
   * @param id The id of the key.
   */
  regenerate(id: string, input?: RegenerateKey, options?: RequestOptions): Answer<RegeneratedKey> {
    return this.#api.call('POST', '/v1/keys/{id}/regenerate', { path: { id }, body: input, options })
  }

  /**
   * Show a key again; the act is kept in the audit log.
   *
   * Takes a secret key with the scope `keys:reveal`, which no key holds unless it was given.
   *
   * @param id The id of the key.
   */
  reveal(id: string, options?: RequestOptions): Answer<KeyWithSecret> {
    return this.#api.call('POST', '/v1/keys/{id}/reveal', { path: { id }, options })
  }

  /**
   * End a key at once, in every process.
   *
   * Takes a secret key with the scope `keys:write`, which no key holds unless it was given.
   *
   * @param id The id of the key.
   */
  revoke(id: string, options?: KeyedRequestOptions): Answer<Key> {
    return this.#api.call('DELETE', '/v1/keys/{id}', { path: { id }, keyed: true, options })
  }
}
