// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type {
  BulkUpdateTemplates,
  CreateTemplate,
  DuplicateTemplate,
  GetTemplate,
  ListTemplateVersions,
  ListTemplates,
  PublishTemplate,
  RenderTemplate,
  RenderedTemplate,
  SendTestTemplate,
  Template,
  TemplatePage,
  TemplateUsage,
  TemplateVersionPage,
  TemplatesDeleted,
  TestEmail,
  UpdateTemplate,
} from './types.ts'

/** Mails that are written once and filled for each recipient. */
export class TemplatesResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * List templates, newest first.
   *
   * Takes a secret key with the scope `templates:read`.
   */
  list(query?: ListTemplates, options?: RequestOptions): Pages<TemplatePage> {
    return this.#api.pages('/v1/templates', { query, options })
  }

  /**
   * Create a template.
   *
   * Takes a secret key with the scope `templates:write`.
   */
  create(input: CreateTemplate, options?: KeyedRequestOptions): Answer<Template> {
    return this.#api.call('POST', '/v1/templates', { body: input, keyed: true, options })
  }

  /**
   * Get a template with the content of one version.
   *
   * Takes a secret key with the scope `templates:read`.
   *
   * @param id The id of the template.
   */
  get(id: string, query?: GetTemplate, options?: RequestOptions): Answer<Template> {
    return this.#api.call('GET', '/v1/templates/{id}', { path: { id }, query, options })
  }

  /**
   * Change a template; what is left out stays.
   *
   * New content makes a new version, which is published at once unless `publish` is false.
   *
   * Takes a secret key with the scope `templates:write`.
   *
   * @param id The id of the template.
   */
  update(id: string, input?: UpdateTemplate, options?: KeyedRequestOptions): Answer<Template> {
    return this.#api.call('PATCH', '/v1/templates/{id}', { path: { id }, body: input, keyed: true, options })
  }

  /**
   * Delete a template; mail that was accepted before is sent all the same.
   *
   * Takes a secret key with the scope `templates:write`.
   *
   * @param id The id of the template.
   */
  delete(id: string, options?: KeyedRequestOptions): Answer<void> {
    return this.#api.call('DELETE', '/v1/templates/{id}', { path: { id }, keyed: true, options })
  }

  /**
   * Delete several templates, all or none; mail that was accepted before is sent all the same.
   *
   * As clients of Plunk do it. Where one of them is not there, nothing is deleted.
   *
   * Takes a secret key with the scope `templates:write`.
   */
  bulkUpdate(input: BulkUpdateTemplates, options?: KeyedRequestOptions): Answer<TemplatesDeleted> {
    return this.#api.call('POST', '/v1/templates/bulk-update', { body: input, keyed: true, options })
  }

  /**
   * Copy a template under a new name, with its newest content: published, or a draft where that is one.
   *
   * Takes a secret key with the scope `templates:write`.
   *
   * @param id The id of the template.
   */
  duplicate(id: string, input?: DuplicateTemplate, options?: KeyedRequestOptions): Answer<Template> {
    return this.#api.call('POST', '/v1/templates/{id}/duplicate', { path: { id }, body: input, keyed: true, options })
  }

  /**
   * Publish the draft of a template, or go back to an older version.
   *
   * Takes a secret key with the scope `templates:write`.
   *
   * @param id The id of the template.
   */
  publish(id: string, input?: PublishTemplate, options?: KeyedRequestOptions): Answer<Template> {
    return this.#api.call('POST', '/v1/templates/{id}/publish', { path: { id }, body: input, keyed: true, options })
  }

  /**
   * List the versions of a template, newest first.
   *
   * Takes a secret key with the scope `templates:read`.
   *
   * @param id The id of the template.
   */
  versions(id: string, query?: ListTemplateVersions, options?: RequestOptions): Pages<TemplateVersionPage> {
    return this.#api.pages('/v1/templates/{id}/versions', { path: { id }, query, options })
  }

  /**
   * Say how much mail was sent with a template, and when last.
   *
   * Counted over the last 400 days.
   *
   * Takes a secret key with the scope `templates:read`.
   *
   * @param id The id of the template.
   */
  usage(id: string, options?: RequestOptions): Answer<TemplateUsage> {
    return this.#api.call('GET', '/v1/templates/{id}/usage', { path: { id }, options })
  }

  /**
   * Show the mail that a template makes for a contact or for given data, without sending it.
   *
   * Takes a stored template, or content that is not stored yet. A send makes the very same of it.
   *
   * Takes a secret key with the scope `templates:read`.
   */
  render(input?: RenderTemplate, options?: KeyedRequestOptions): Answer<RenderedTemplate> {
    return this.#api.call('POST', '/v1/templates/render', { body: input, keyed: true, options })
  }

  /**
   * Send a version of a template to an address, with [TEST] before its subject.
   *
   * It is filled as `render` fills it, also where a value is missing.
   *
   * Takes a secret key with the scope `emails:send`.
   *
   * @param id The id of the template.
   */
  sendTest(id: string, input: SendTestTemplate, options?: KeyedRequestOptions): Answer<TestEmail> {
    return this.#api.call('POST', '/v1/templates/{id}/test', { path: { id }, body: input, keyed: true, options })
  }
}
