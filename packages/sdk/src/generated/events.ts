// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type { EventPage, ListEvents, TrackEvent, TrackReceipt } from './types.ts'

/** Report what contacts do. */
export class EventsResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * Report an event of a contact.
   *
   * A contact that is not known yet is created, subscribed. Works with a public key, from a browser; then it only
   * adds what the contact lacks, since anybody can read that key off a page.
   *
   * Takes a public or secret key with the scope `events:track`.
   */
  track(input: TrackEvent, options?: KeyedRequestOptions): Answer<TrackReceipt> {
    return this.#api.call('POST', '/v1/track', { body: input, keyed: true, unwrap: true, options })
  }

  /**
   * List events, newest first.
   *
   * Takes a secret key with the scope `events:read`.
   */
  list(query?: ListEvents, options?: RequestOptions): Pages<EventPage> {
    return this.#api.pages('/v1/events', { query, options })
  }
}
