// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { RequestOptions } from '../options.ts'
import type { ActivityPage, ListActivity } from './types.ts'

/** What happened in the project, newest first. */
export class ActivityResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * List what happened in the project, newest first.
   *
   * Mails, events, new contacts, consent, published templates and long work in one list, each at the time that it
   * began. A page costs the same however much there is. Takes what each of these takes by itself: `emails:read`,
   * `events:read`, `contacts:read`, `templates:read` and `jobs:read`, or only that of the types that are asked
   * for.
   *
   * Takes a secret key with the scope `project:read`.
   */
  list(query?: ListActivity, options?: RequestOptions): Pages<ActivityPage> {
    return this.#api.pages('/v1/activity', { query, options })
  }
}
