// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { Download } from '../download.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type {
  AttemptList,
  BatchReceipt,
  Email,
  EmailDetails,
  EmailPage,
  EmailSource,
  ExportEmails,
  FileContent,
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
   * A search looks through 50,000 entries for each page, so a page may hold fewer than `limit`, or none, and still
   * have more behind it: go on while `hasMore`.
   *
   * Takes a secret key with the scope `emails:read`.
   */
  list(query?: ListEmails, options?: RequestOptions): Pages<EmailPage> {
    return this.#api.pages('/v1/emails', { query, options })
  }

  /**
   * Export emails without their content as a file, newest first.
   *
   * A stream without a limit: it is read as fast as you take it, and breaks off, without the end that HTTP has for
   * it, where it cannot be finished. In CSV (RFC 4180) a cell that a spreadsheet would run has an apostrophe
   * before it; lists and objects are JSON.
   *
   * Takes a secret key with the scope `emails:read`.
   */
  export(query?: ExportEmails, options?: RequestOptions): Download<Email> {
    return this.#api.file('/v1/emails/export', { query, options })
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

  /**
   * Send the content of an email once more to the same recipients, as a new email.
   *
   * Takes a secret key with the scope `emails:send`.
   *
   * @param id The id of the email.
   */
  sendAgain(id: string, options?: KeyedRequestOptions): Answer<Email> {
    return this.#api.call('POST', '/v1/emails/{id}/send-again', { path: { id }, keyed: true, options })
  }

  /**
   * Try an email that waits now and not only when its time comes.
   *
   * An email that has failed stays as it is; send it again instead.
   *
   * Takes a secret key with the scope `emails:write`.
   *
   * @param id The id of the email.
   */
  retryNow(id: string, options?: KeyedRequestOptions): Answer<Email> {
    return this.#api.call('POST', '/v1/emails/{id}/retry', { path: { id }, keyed: true, options })
  }

  /**
   * Get the message that an email is sent as.
   *
   * What the built-in inbox caught, or else what is made of the stored email again: the same bytes, without what
   * is added on the way, such as a DKIM signature.
   *
   * Takes a secret key with the scope `emails:read`.
   *
   * @param id The id of the email.
   */
  source(id: string, options?: RequestOptions): Answer<EmailSource> {
    return this.#api.call('GET', '/v1/emails/{id}/source', { path: { id }, options })
  }

  /**
   * Get an attachment of an email with its content.
   *
   * Takes a secret key with the scope `emails:read`.
   *
   * @param id The id of the email.
   *
   * @param place The place of the attachment in the list, from 0.
   */
  attachment(id: string, place: string, options?: RequestOptions): Answer<FileContent> {
    return this.#api.call('GET', '/v1/emails/{id}/attachments/{place}', { path: { id, place }, options })
  }
}
