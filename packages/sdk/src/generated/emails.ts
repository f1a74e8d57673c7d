// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type {
  AttemptList,
  BatchReceipt,
  Email,
  EmailDetails,
  EmailPage,
  ListEmails,
  RescheduleEmail,
  SendBatch,
  SendEmail,
  SendReceipt,
} from './types.ts'

/** Send mail, and see what became of it. */
export class EmailsResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * Queue mail for one or more recipients.
   *
   * Stores the mail and answers once it is safe on disk. Recipients become contacts of the project, not subscribed
   * unless they were.
   *
   * Takes a secret key with the scope `emails:send`.
   */
  send(input: SendEmail, options?: KeyedRequestOptions): Answer<SendReceipt> {
    return this.#api.call('POST', '/v1/send', { body: input, keyed: true, unwrap: true, options })
  }

  /**
   * Queue up to 100 different mails in one transaction.
   *
   * Each mail gets its own result. A malformed mail refuses the whole batch; one that may not be sent is refused
   * alone.
   *
   * Takes a secret key with the scope `emails:send`.
   */
  sendBatch(input: SendBatch, options?: KeyedRequestOptions): Answer<BatchReceipt> {
    return this.#api.call('POST', '/v1/send/batch', { body: input, keyed: true, options })
  }

  /**
   * Get an email with its content.
   *
   * Takes a secret key with the scope `emails:read`.
   *
   * @param id The id of the email.
   */
  get(id: string, options?: RequestOptions): Answer<EmailDetails> {
    return this.#api.call('GET', '/v1/emails/{id}', { path: { id }, options })
  }

  /**
   * List emails, newest first.
   *
   * Takes a secret key with the scope `emails:read`.
   */
  list(query?: ListEmails, options?: RequestOptions): Pages<EmailPage> {
    return this.#api.pages('/v1/emails', { query, options })
  }

  /**
   * Cancel an email that waits, so that it is never sent.
   *
   * Takes a secret key with the scope `emails:write`.
   *
   * @param id The id of the email.
   */
  cancel(id: string, options?: KeyedRequestOptions): Answer<Email> {
    return this.#api.call('POST', '/v1/emails/{id}/cancel', { path: { id }, keyed: true, options })
  }

  /**
   * Move an email that waits to another time.
   *
   * Takes a secret key with the scope `emails:write`.
   *
   * @param id The id of the email.
   */
  reschedule(id: string, input: RescheduleEmail, options?: KeyedRequestOptions): Answer<Email> {
    return this.#api.call('POST', '/v1/emails/{id}/reschedule', { path: { id }, body: input, keyed: true, options })
  }

  /**
   * List the delivery attempts of an email, first to last.
   *
   * Takes a secret key with the scope `emails:read`.
   *
   * @param id The id of the email.
   */
  attempts(id: string, options?: RequestOptions): Answer<AttemptList> {
    return this.#api.call('GET', '/v1/emails/{id}/attempts', { path: { id }, options })
  }
}
