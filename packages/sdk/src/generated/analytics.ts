// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer } from '../answer.ts'
import type { Api } from '../api.ts'
import type { RequestOptions } from '../options.ts'
import type { GetSummary, GetTimeseries, ListTop, MailSummary, Timeseries, TopGroups } from './types.ts'

/** What became of mail over time, by kind, template and domain. */
export class AnalyticsResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * Get what became of mail over time, by hour, day, week or month.
   *
   * Numbers are counted as mail is accepted and ends, by quarter of an hour, so they do not change when mails are
   * deleted. `since` and `until` are widened to whole quarters; left out, they are the 30 days up to now. At most
   * 366 days at once. Every hour or day of the span has its point, in the time zone that is asked for, whose days
   * may have 23 or 25 hours; at most 750 points. Of each day (UTC) the 50 busiest domains are kept by name, and
   * all others are counted together. Templates and domains are known for 400 days. A template and a domain cannot
   * be asked for at once.
   *
   * Takes a secret key with the scope `project:read`.
   */
  timeseries(query?: GetTimeseries, options?: RequestOptions): Answer<Timeseries> {
    return this.#api.call('GET', '/v1/analytics/timeseries', { query, options })
  }

  /**
   * Get what became of mail in a span, and in the span before.
   *
   * Numbers are counted as mail is accepted and ends, by quarter of an hour, so they do not change when mails are
   * deleted. `since` and `until` are widened to whole quarters; left out, they are the 30 days up to now. At most
   * 366 days at once. Of each day (UTC) the 50 busiest domains are kept by name, and all others are counted
   * together. Templates and domains are known for 400 days.
   *
   * Takes a secret key with the scope `project:read`.
   */
  summary(query?: GetSummary, options?: RequestOptions): Answer<MailSummary> {
    return this.#api.call('GET', '/v1/analytics/summary', { query, options })
  }

  /**
   * List the templates or domains with most mail.
   *
   * Numbers are counted as mail is accepted and ends, by quarter of an hour, so they do not change when mails are
   * deleted. `since` and `until` are widened to whole quarters; left out, they are the 30 days up to now. At most
   * 366 days at once. Of each day (UTC) the 50 busiest domains are kept by name, and all others are counted
   * together. Templates and domains are known for 400 days.
   *
   * Takes a secret key with the scope `project:read`.
   */
  top(query: ListTop, options?: RequestOptions): Answer<TopGroups> {
    return this.#api.call('GET', '/v1/analytics/top', { query, options })
  }
}
