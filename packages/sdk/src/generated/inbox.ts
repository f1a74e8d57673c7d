// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type { ClearedInbox, FileContent, InboxMessageDetails, InboxPage, InboxSource, ListInbox } from './types.ts'

/** The built-in inbox, which catches all mail while no relay is set. */
export class InboxResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * List the messages in the built-in inbox, newest first.
   *
   * A search looks through 50,000 entries for each page, so a page may hold fewer than `limit`, or none, and still
   * have more behind it: go on while `hasMore`.
   *
   * Takes a secret key with the scope `inbox:read`.
   */
  list(query?: ListInbox, options?: RequestOptions): Pages<InboxPage> {
    return this.#api.pages('/v1/inbox', { query, options })
  }

  /**
   * Delete every message of the project from the built-in inbox.
   *
   * Takes a secret key with the scope `inbox:write`.
   */
  clear(options?: KeyedRequestOptions): Answer<ClearedInbox> {
    return this.#api.call('DELETE', '/v1/inbox', { keyed: true, options })
  }

  /**
   * Read a message of the built-in inbox.
   *
   * Takes a secret key with the scope `inbox:read`.
   *
   * @param id The id of the message.
   */
  get(id: string, options?: RequestOptions): Answer<InboxMessageDetails> {
    return this.#api.call('GET', '/v1/inbox/{id}', { path: { id }, options })
  }

  /**
   * Get a message of the built-in inbox as it came over the wire.
   *
   * Takes a secret key with the scope `inbox:read`.
   *
   * @param id The id of the message.
   */
  source(id: string, options?: RequestOptions): Answer<InboxSource> {
    return this.#api.call('GET', '/v1/inbox/{id}/source', { path: { id }, options })
  }

  /**
   * Get an attachment of a message with its content.
   *
   * Takes a secret key with the scope `inbox:read`.
   *
   * @param id The id of the message.
   *
   * @param place The place of the attachment in the list, from 0.
   */
  attachment(id: string, place: string, options?: RequestOptions): Answer<FileContent> {
    return this.#api.call('GET', '/v1/inbox/{id}/attachments/{place}', { path: { id, place }, options })
  }
}
