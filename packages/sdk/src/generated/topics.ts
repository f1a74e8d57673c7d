// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type { CreateTopic, Topic, TopicDetails, TopicList, UpdateTopic } from './types.ts'

/** Kinds of mail that people choose by themselves. */
export class TopicsResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * List the topics of the project, by name.
   *
   * Takes a secret key with the scope `contacts:read`.
   */
  list(options?: RequestOptions): Answer<TopicList> {
    return this.#api.call('GET', '/v1/topics', { options })
  }

  /**
   * Create a topic.
   *
   * Takes a secret key with the scope `contacts:write`.
   */
  create(input: CreateTopic, options?: KeyedRequestOptions): Answer<Topic> {
    return this.#api.call('POST', '/v1/topics', { body: input, keyed: true, options })
  }

  /**
   * Get a topic, and how many chose it.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param id The id of the topic.
   */
  get(id: string, options?: RequestOptions): Answer<TopicDetails> {
    return this.#api.call('GET', '/v1/topics/{id}', { path: { id }, options })
  }

  /**
   * Change a topic; what is left out stays.
   *
   * A new default counts for all who chose nothing.
   *
   * Takes a secret key with the scope `contacts:write`.
   *
   * @param id The id of the topic.
   */
  update(id: string, input?: UpdateTopic, options?: KeyedRequestOptions): Answer<Topic> {
    return this.#api.call('PATCH', '/v1/topics/{id}', { path: { id }, body: input, keyed: true, options })
  }

  /**
   * Delete a topic with what contacts chose of it; the log of their consents stays.
   *
   * Takes a secret key with the scope `contacts:write`.
   *
   * @param id The id of the topic.
   */
  delete(id: string, options?: KeyedRequestOptions): Answer<void> {
    return this.#api.call('DELETE', '/v1/topics/{id}', { path: { id }, keyed: true, options })
  }
}
