// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type { Job, JobPage, ListJobs } from './types.ts'

/** Long work that is done in the background: how far it is, and what came of it. */
export class JobsResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * List jobs, newest first.
   *
   * A search looks through 50,000 entries for each page, so a page may hold fewer than `limit`, or none, and still
   * have more behind it: go on while `hasMore`.
   *
   * Takes a secret key with the scope `jobs:read`.
   */
  list(query?: ListJobs, options?: RequestOptions): Pages<JobPage> {
    return this.#api.pages('/v1/jobs', { query, options })
  }

  /**
   * Get a job, and how far it is.
   *
   * A job is kept for 30 days after its end.
   *
   * Takes a secret key with the scope `jobs:read`.
   *
   * @param id The id of the job.
   */
  get(id: string, options?: RequestOptions): Answer<Job> {
    return this.#api.call('GET', '/v1/jobs/{id}', { path: { id }, options })
  }

  /**
   * Cancel a job: what is done stays done, and nothing more happens.
   *
   * Erasing a person is not cancelled: it was promised with the answer.
   *
   * Takes a secret key with the scope `jobs:write`.
   *
   * @param id The id of the job.
   */
  cancel(id: string, options?: KeyedRequestOptions): Answer<Job> {
    return this.#api.call('POST', '/v1/jobs/{id}/cancel', { path: { id }, keyed: true, options })
  }
}
