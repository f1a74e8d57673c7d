// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { RequestOptions } from '../options.ts'
import type { AuditEntry, AuditExport, AuditPage, ExportAudit, ListAudit } from './types.ts'

/** Who did what, when and from where. */
export class AuditResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * List what was done in the project, newest first.
   *
   * A search looks through 50,000 entries for each page, so a page may hold fewer than `limit`, or none, and still
   * have more behind it: go on while `hasMore`.
   *
   * Takes a secret key with the scope `audit:read`, which no key holds unless it was given.
   */
  list(query?: ListAudit, options?: RequestOptions): Pages<AuditPage> {
    return this.#api.pages('/v1/audit', { query, options })
  }

  /**
   * Get one entry of the audit log by its id.
   *
   * Takes a secret key with the scope `audit:read`, which no key holds unless it was given.
   */
  get(id: string, options?: RequestOptions): Answer<AuditEntry> {
    return this.#api.call('GET', '/v1/audit/{id}', { path: { id }, options })
  }

  /**
   * Export what was done in the project as CSV, newest first.
   *
   * The pages put together are one file (RFC 4180), as the first page alone has the names of the columns. A cell
   * that a spreadsheet would run has an apostrophe before it, and so has one that begins with an apostrophe:
   * without the first one each is as it was.
   *
   * Takes a secret key with the scope `audit:read`, which no key holds unless it was given.
   */
  export(query?: ExportAudit, options?: RequestOptions): Answer<AuditExport> {
    return this.#api.call('GET', '/v1/audit/export', { query, options })
  }
}
