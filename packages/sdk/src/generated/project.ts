// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type { Project, UpdateProject } from './types.ts'

/** The project that the key belongs to. */
export class ProjectResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * Get the project of the key.
   *
   * Takes a secret key with the scope `project:read`.
   */
  get(options?: RequestOptions): Answer<Project> {
    return this.#api.call('GET', '/v1/project', { options })
  }

  /**
   * Change the settings of the project; what is left out stays.
   *
   * Takes a secret key with the scope `project:write`.
   */
  update(input?: UpdateProject, options?: KeyedRequestOptions): Answer<Project> {
    return this.#api.call('PATCH', '/v1/project', { body: input, keyed: true, options })
  }
}
