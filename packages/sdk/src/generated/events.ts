// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { Download } from '../download.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type {
  Event,
  EventDays,
  EventDeletion,
  EventNames,
  EventPage,
  EventStats,
  EventUsage,
  ExportEvents,
  GetEventDays,
  GetEventStats,
  ListEventNames,
  ListEvents,
  ReportEvent,
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
   * adds what the contact lacks, since anybody can read that key off a page, and overwrites no more than the
   * `browserFields` of the project.
   *
   * Takes a public or secret key with the scope `events:track`.
   */
  track(input: TrackEvent, options?: KeyedRequestOptions): Answer<TrackReceipt> {
    return this.#api.call('POST', '/v1/track', { body: input, keyed: true, unwrap: true, options })
  }

  /**
   * Report up to 500 events in one transaction.
   *
   * Each event gets its own result: one that is malformed, whatever is wrong with it, is refused alone, and keeps
   * no other from being stored. They count in the order of the list.
   *
   * Takes a public or secret key with the scope `events:track`.
   */
  trackBatch(input: TrackBatch, options?: KeyedRequestOptions): Answer<TrackBatchReceipt> {
    return this.#api.call('POST', '/v1/track/batch', { body: input, keyed: true, options })
  }

  /**
   * Report an event by its name, of a contact by its id or address, as clients of Plunk do.
   *
   * As `events.track`. The contact of an id must be there; `emailId` is passed over.
   *
   * Takes a public or secret key with the scope `events:track`.
   */
  report(input?: ReportEvent, options?: KeyedRequestOptions): Answer<TrackReceipt> {
    return this.#api.call('POST', '/v1/events/track', { body: input, keyed: true, unwrap: true, options })
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
   * Export events as a file, newest first.
   *
   * A stream without a limit: it is read as fast as you take it, and breaks off, without the end that HTTP has for
   * it, where it cannot be finished. In CSV (RFC 4180) a cell that a spreadsheet would run has an apostrophe
   * before it; lists and objects are JSON.
   *
   * Takes a secret key with the scope `events:read`.
   */
  export(query?: ExportEvents, options?: RequestOptions): Download<Event> {
    return this.#api.file('/v1/events/export', { query, options })
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
   * Count the events of each day, of all names or of one.
   *
   * Counted when events are stored and deleted, so it is exact and takes no longer with more of them. Days are
   * those of UTC, and today is the last.
   *
   * Takes a secret key with the scope `events:read`.
   */
  days(query?: GetEventDays, options?: RequestOptions): Answer<EventDays> {
    return this.#api.call('GET', '/v1/events/days', { query, options })
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
