// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { Download } from '../download.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type {
  BulkJob,
  BulkReceipt,
  ConsentDecisionPage,
  Contact,
  ContactActivityPage,
  ContactFields,
  ContactPage,
  ErasureReceipt,
  ExportContacts,
  ExportPerson,
  ExportedContact,
  FieldDeletion,
  FieldUsage,
  FieldValues,
  FoundContacts,
  ImportContacts,
  ImportJob,
  ImportReceipt,
  ListConsentDecisions,
  ListContactActivity,
  ListContactFields,
  ListContacts,
  ListFieldValues,
  LookUpContacts,
  PersonRecord,
  SelectContacts,
  SubscribeContacts,
  TopicsOfContact,
  UpdateContact,
  UpsertContact,
  UpsertContacts,
  UpsertedContact,
  UpsertedContacts,
} from './types.ts'
import type { FileBody } from '../upload.ts'

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
   * No page takes longer with more contacts. Where a search fits more than 5,000 contacts and few of the newest, a
   * page may hold fewer than `limit`, or none, and still have more behind it: go on while `hasMore`. The same goes
   * for parts of an address shorter than three characters, for `field` without `value`, and where the index did
   * not answer in its time. Whoever has the very address that is looked for stands first.
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
   * Export contacts as a file, newest first.
   *
   * A stream without a limit: it is read as fast as you take it, and breaks off, without the end that HTTP has for
   * it, where it cannot be finished. In CSV (RFC 4180) a cell that a spreadsheet would run has an apostrophe
   * before it; lists and objects are JSON. Each field of `data` is a column of its own: text as it is, all else as
   * JSON, and so is text that could be taken for JSON; no value is an empty cell. The column of a field that is
   * called as another column, or begins with `data.`, has `data.` before its name. Fields that came up while it
   * was written, and those whose names differ from another one by capitals or blanks alone, stand together in the
   * column `data`.
   *
   * Takes a secret key with the scope `contacts:read`.
   */
  export(query?: ExportContacts, options?: RequestOptions): Download<ExportedContact> {
    return this.#api.file('/v1/contacts/export', { query, options })
  }

  /**
   * List the emails and events of a contact together, newest first.
   *
   * Emails are those to the address that the contact has and to those it had. Takes `emails:read` and
   * `events:read` as well, since it shows both.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param id The id or the e-mail address of the contact.
   */
  activity(id: string, query?: ListContactActivity, options?: RequestOptions): Pages<ContactActivityPage> {
    return this.#api.pages('/v1/contacts/{id}/activity', { path: { id }, query, options })
  }

  /**
   * List what a contact agreed to and refused, and how one knows, newest first.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param id The id or the e-mail address of the contact.
   */
  consentLog(id: string, query?: ListConsentDecisions, options?: RequestOptions): Pages<ConsentDecisionPage> {
    return this.#api.pages('/v1/contacts/{id}/consent-log', { path: { id }, query, options })
  }

  /**
   * Export everything that is known of a contact as one file.
   *
   * The contact, what they agreed to and chose, their events, and all mails that went to them with content and
   * delivery attempts; attachments are described. It is a list of records, each with one thing. Takes
   * `emails:read` and `events:read` as well, since it shows both.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param id The id or the e-mail address of the contact.
   */
  exportPerson(id: string, query?: ExportPerson, options?: RequestOptions): Download<PersonRecord> {
    return this.#api.file('/v1/contacts/{id}/export', { path: { id }, query, options })
  }

  /**
   * Erase a person with everything that is known of them, as a job.
   *
   * Mail that waits for them is cancelled at once. Then their mails with content, attempts and copies in the
   * inbox, their events and what they agreed to are deleted, in the end the contact; in mails to others they are
   * taken out of `cc` and `bcc`. Only a hash of the address is kept, by which nobody subscribes them again without
   * their word. Also takes an address that is no contact any more. Numbers and the audit log stay. It cannot be
   * undone.
   *
   * Takes a secret key with the scope `contacts:erase`, which no key holds unless it was given.
   *
   * @param id The id or the e-mail address of the contact.
   */
  erase(id: string, options?: KeyedRequestOptions): Answer<ErasureReceipt> {
    return this.#api.call('POST', '/v1/contacts/{id}/erase', { path: { id }, keyed: true, options })
  }

  /**
   * List the topics of a contact.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param id The id or the e-mail address of the contact.
   */
  topics(id: string, options?: RequestOptions): Answer<TopicsOfContact> {
    return this.#api.call('GET', '/v1/contacts/{id}/topics', { path: { id }, options })
  }

  /**
   * List the fields of `data`, in alphabetical order.
   *
   * Counted when contacts are stored, changed and deleted, so it is exact and takes no longer with more of them.
   *
   * Takes a secret key with the scope `contacts:read`.
   */
  fields(query?: ListContactFields, options?: RequestOptions): Answer<ContactFields> {
    return this.#api.call('GET', '/v1/contacts/fields', { query, options })
  }

  /**
   * List the most frequent values of a field.
   *
   * Of the newest 10,000 contacts, so that it takes no longer with more of them. Of a list each entry counts;
   * objects, and values longer than 200 characters, are left out.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param field A field of `data`, such as `plan`; `data.plan` means the same.
   */
  fieldValues(field: string, query?: ListFieldValues, options?: RequestOptions): Answer<FieldValues> {
    return this.#api.call('GET', '/v1/contacts/fields/{field}/values', { path: { field }, query, options })
  }

  /**
   * Find out how many contacts have a field, and which templates name it.
   *
   * Templates are looked at as they are sent and as they wait to be published, 200 of those that have the word in
   * them.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param field A field of `data`, such as `plan`; `data.plan` means the same.
   */
  fieldUsage(field: string, options?: RequestOptions): Answer<FieldUsage> {
    return this.#api.call('GET', '/v1/contacts/fields/{field}/usage', { path: { field }, options })
  }

  /**
   * Delete a field from all contacts, as a job.
   *
   * Works in the background, in batches. Contacts that come after the call keep it. Templates that name it are
   * filled with what they have for a missing value; `contacts.fieldUsage` says which they are.
   *
   * Takes a secret key with the scope `contacts:write`.
   *
   * @param field A field of `data`, such as `plan`; `data.plan` means the same.
   */
  deleteField(field: string, options?: KeyedRequestOptions): Answer<FieldDeletion> {
    return this.#api.call('DELETE', '/v1/contacts/fields/{field}', { path: { field }, keyed: true, options })
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
   * Each entry is what `contacts.upsert` takes, and gets its own result: one that is malformed or whose data may
   * not be kept is refused alone. Of several for one address the later win, key by key.
   *
   * Takes a secret key with the scope `contacts:write`.
   */
  upsertMany(input: UpsertContacts, options?: KeyedRequestOptions): Answer<UpsertedContacts> {
    return this.#api.call('POST', '/v1/contacts/batch', { body: input, keyed: true, options })
  }

  /**
   * Subscribe many contacts, as a job.
   *
   * Who opted out stays so, unless `consent` says how they agreed anew. Works in the background, in batches.
   * Contacts that come later are left alone. What has a fault, such as an id that is no contact, is counted and
   * keeps nothing else from being done.
   *
   * Takes a secret key with the scope `contacts:write`.
   */
  bulkSubscribe(input: SubscribeContacts, options?: KeyedRequestOptions): Answer<BulkReceipt> {
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

  /**
   * Import a CSV file of contacts with one call: upload it, and start at once.
   *
   * CSV (RFC 4180) in UTF-8, UTF-16 or Latin-1, with commas, semicolons or tabs, also packed with gzip. The file
   * is the body as it is, or the field `file` of a form, and may have up to 1 GB: it is read as it arrives, and
   * nothing stays of one that breaks off. Fields of the form before the file count as parameters of the query;
   * others, and a second file, are refused. Columns are taken for what they seem to be: the address, who gets
   * mail, and fields of `data`; where one seems to say who gets mail and is not understood, the file is refused.
   * To choose, upload with `imports.upload` and start with `imports.start`.
   *
   * Takes a secret key with the scope `contacts:write`.
   */
  import(file: FileBody, query?: ImportContacts, options?: RequestOptions): Answer<ImportReceipt> {
    return this.#api.call('POST', '/v1/contacts/import', { file, query, options })
  }

  /**
   * Get how far an import is, in the words of Plunk.
   *
   * `imports.get` says more.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param jobId The id of the job.
   */
  importJob(jobId: string, options?: RequestOptions): Answer<ImportJob> {
    return this.#api.call('GET', '/v1/contacts/import/{jobId}', { path: { jobId }, options })
  }
}
