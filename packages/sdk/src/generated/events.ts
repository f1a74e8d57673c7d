// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type {
  EventDeletion,
  EventNames,
  EventPage,
  EventStats,
  EventUsage,
  GetEventStats,
  ListEventNames,
  ListEvents,
  TrackBatch,
  TrackBatchReceipt,
  TrackEvent,
  TrackReceipt,
} from './types.ts'

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
   * Report up to 500 events in one transaction.
   *
   * Each event gets its own result: a malformed one is refused alone, and keeps no other from being stored. They
   * count in the order of the list.
   *
   * Takes a public or secret key with the scope `events:track`.
   */
  trackBatch(input: TrackBatch, options?: KeyedRequestOptions): Answer<TrackBatchReceipt> {
    return this.#api.call('POST', '/v1/track/batch', { body: input, keyed: true, options })
  }

  /**
   * List events, newest first.
   *
   * Takes a secret key with the scope `events:read`.
   */
  list(query?: ListEvents, options?: RequestOptions): Pages<EventPage> {
    return this.#api.pages('/v1/events', { query, options })
  }

  /**
   * List the names of events, in alphabetical order.
   *
   * Takes a secret key with the scope `events:read`.
   */
  names(query?: ListEventNames, options?: RequestOptions): Answer<EventNames> {
    return this.#api.call('GET', '/v1/events/names', { query, options })
  }

  /**
   * Count the events of each name, the most frequent first.
   *
   * Counted when events are stored and deleted, so it is exact and takes no longer with more of them.
   *
   * Takes a secret key with the scope `events:read`.
   */
  stats(query?: GetEventStats, options?: RequestOptions): Answer<EventStats> {
    return this.#api.call('GET', '/v1/events/stats', { query, options })
  }

  /**
   * Get how many events there are of a name, and since when.
   *
   * Counted when events are stored and deleted, so it is exact and takes no longer with more of them. Of a name
   * that was never reported there are none.
   *
   * Takes a secret key with the scope `events:read`.
   *
   * @param name The name of the event.
   */
  usage(name: string, options?: RequestOptions): Answer<EventUsage> {
    return this.#api.call('GET', '/v1/events/names/{name}/usage', { path: { name }, options })
  }

  /**
   * Delete all events of a name, as a job.
   *
   * Works in the background, in batches. Events that are reported after the call stay, and so do the contacts with
   * their data.
   *
   * Takes a secret key with the scope `events:write`.
   *
   * @param name The name of the event.
   */
  delete(name: string, options?: KeyedRequestOptions): Answer<EventDeletion> {
    return this.#api.call('DELETE', '/v1/events/names/{name}', { path: { name }, keyed: true, options })
  }
}
