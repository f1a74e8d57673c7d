// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type {
  BulkJob,
  BulkReceipt,
  ConsentDecisionPage,
  Contact,
  ContactActivityPage,
  ContactPage,
  FoundContacts,
  ListConsentDecisions,
  ListContactActivity,
  ListContacts,
  LookUpContacts,
  SelectContacts,
  UpdateContact,
  UpsertContact,
  UpsertContacts,
  UpsertedContact,
  UpsertedContacts,
} from './types.ts'

/** The people of a project. */
export class ContactsResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * Get a contact by id or e-mail address.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param id The id or the e-mail address of the contact.
   */
  get(id: string, options?: RequestOptions): Answer<Contact> {
    return this.#api.call('GET', '/v1/contacts/{id}', { path: { id }, options })
  }

  /**
   * Change a contact.
   *
   * Fields that are left out stay as they are.
   *
   * Takes a secret key with the scope `contacts:write`.
   *
   * @param id The id or the e-mail address of the contact.
   */
  update(id: string, input?: UpdateContact, options?: KeyedRequestOptions): Answer<Contact> {
    return this.#api.call('PATCH', '/v1/contacts/{id}', { path: { id }, body: input, keyed: true, options })
  }

  /**
   * Delete a contact with its events; mails that were sent to it stay readable.
   *
   * Takes a secret key with the scope `contacts:write`.
   *
   * @param id The id or the e-mail address of the contact.
   */
  delete(id: string, options?: KeyedRequestOptions): Answer<void> {
    return this.#api.call('DELETE', '/v1/contacts/{id}', { path: { id }, keyed: true, options })
  }

  /**
   * List contacts, newest first.
   *
   * A search looks through 50,000 entries for each page, so a page may hold fewer than `limit`, or none, and still
   * have more behind it: go on while `hasMore`.
   *
   * Takes a secret key with the scope `contacts:read`.
   */
  list(query?: ListContacts, options?: RequestOptions): Pages<ContactPage> {
    return this.#api.pages('/v1/contacts', { query, options })
  }

  /**
   * Create a contact, or change the one with this address.
   *
   * Takes a secret key with the scope `contacts:write`.
   */
  upsert(input: UpsertContact, options?: KeyedRequestOptions): Answer<UpsertedContact> {
    return this.#api.call('POST', '/v1/contacts', { body: input, keyed: true, options })
  }

  /**
   * List the emails and events of a contact together, newest first.
   *
   * Emails are those to the address that the contact has now. Takes `emails:read` and `events:read` as well, since
   * it shows both.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param id The id or the e-mail address of the contact.
   */
  activity(id: string, query?: ListContactActivity, options?: RequestOptions): Pages<ContactActivityPage> {
    return this.#api.pages('/v1/contacts/{id}/activity', { path: { id }, query, options })
  }

  /**
   * List what a contact decided by the links in their mail, newest first.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param id The id or the e-mail address of the contact.
   */
  consentLog(id: string, query?: ListConsentDecisions, options?: RequestOptions): Pages<ConsentDecisionPage> {
    return this.#api.pages('/v1/contacts/{id}/consent-log', { path: { id }, query, options })
  }

  /**
   * Find out which of up to 500 addresses are contacts.
   *
   * Takes a secret key with the scope `contacts:read`.
   */
  lookup(input: LookUpContacts, options?: KeyedRequestOptions): Answer<FoundContacts> {
    return this.#api.call('POST', '/v1/contacts/lookup', { body: input, keyed: true, options })
  }

  /**
   * Create or change up to 1,000 contacts in one transaction.
   *
   * Each entry is what `contacts.upsert` takes, and gets its own result: one with a malformed address or with data
   * that may not be kept is refused alone. Of several for one address the later win, key by key.
   *
   * Takes a secret key with the scope `contacts:write`.
   */
  upsertMany(input: UpsertContacts, options?: KeyedRequestOptions): Answer<UpsertedContacts> {
    return this.#api.call('POST', '/v1/contacts/batch', { body: input, keyed: true, options })
  }

  /**
   * Subscribe many contacts, as a job.
   *
   * Works in the background, in batches. Contacts that come later are left alone. What has a fault, such as an id
   * that is no contact, is counted and keeps nothing else from being done.
   *
   * Takes a secret key with the scope `contacts:write`.
   */
  bulkSubscribe(input: SelectContacts, options?: KeyedRequestOptions): Answer<BulkReceipt> {
    return this.#api.call('POST', '/v1/contacts/bulk-subscribe', { body: input, keyed: true, options })
  }

  /**
   * Unsubscribe many contacts, as a job.
   *
   * Works in the background, in batches. Contacts that come later are left alone. What has a fault, such as an id
   * that is no contact, is counted and keeps nothing else from being done.
   *
   * Takes a secret key with the scope `contacts:write`.
   */
  bulkUnsubscribe(input: SelectContacts, options?: KeyedRequestOptions): Answer<BulkReceipt> {
    return this.#api.call('POST', '/v1/contacts/bulk-unsubscribe', { body: input, keyed: true, options })
  }

  /**
   * Delete many contacts with their events, as a job.
   *
   * Works in the background, in batches. Contacts that come later are left alone. What has a fault, such as an id
   * that is no contact, is counted and keeps nothing else from being done.
   *
   * Takes a secret key with the scope `contacts:write`.
   */
  bulkDelete(input: SelectContacts, options?: KeyedRequestOptions): Answer<BulkReceipt> {
    return this.#api.call('POST', '/v1/contacts/bulk-delete', { body: input, keyed: true, options })
  }

  /**
   * Get how far a job on many contacts is, in the words of Plunk.
   *
   * `jobs.get` says the same of jobs of every kind.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param jobId The id of the job.
   */
  bulkJob(jobId: string, options?: RequestOptions): Answer<BulkJob> {
    return this.#api.call('GET', '/v1/contacts/bulk/{jobId}', { path: { jobId }, options })
  }
}
