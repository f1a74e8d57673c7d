// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type { Contact, ContactPage, ListContacts, UpsertContact, UpsertedContact } from './types.ts'

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
}
