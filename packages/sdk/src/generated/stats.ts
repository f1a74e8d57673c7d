// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer } from '../answer.ts'
import type { Api } from '../api.ts'
import type { RequestOptions } from '../options.ts'
import type { GetStats, Stats } from './types.ts'

/** How much was sent, day by day. */
export class StatsResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * Get the numbers of the last days, day by day.
   *
   * Days are those of the time zone; the last one is today. What is counted now is in the next answer.
   *
   * Takes a secret key with the scope `project:read`.
   */
  get(query?: GetStats, options?: RequestOptions): Answer<Stats> {
    return this.#api.call('GET', '/v1/stats', { query, options })
  }
}
