// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { RequestOptions } from '../options.ts'
import type { ApiRequest, ListRequests, RequestPage } from './types.ts'

/** The log of requests to the API. */
export class RequestsResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * List the requests to the API, newest first.
   *
   * A request is listed some seconds after its answer. A search looks through 50,000 entries for each page, so a
   * page may hold fewer than `limit`, or none, and still have more behind it: go on while `hasMore`.
   *
   * Takes a secret key with the scope `requests:read`.
   */
  list(query?: ListRequests, options?: RequestOptions): Pages<RequestPage> {
    return this.#api.pages('/v1/requests', { query, options })
  }

  /**
   * Get a request to the API by its id.
   *
   * Of several with the same id, such as the calls of one tRPC request, the newest.
   *
   * Takes a secret key with the scope `requests:read`.
   *
   * @param requestId The X-Request-ID of the answer.
   */
  get(requestId: string, options?: RequestOptions): Answer<ApiRequest> {
    return this.#api.call('GET', '/v1/requests/{requestId}', { path: { requestId }, options })
  }
}
