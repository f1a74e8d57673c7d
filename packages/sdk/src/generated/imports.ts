// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { Download } from '../download.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type {
  GetImportReport,
  Import,
  ImportPage,
  ImportProblem,
  ImportProblemPage,
  ListImportProblems,
  ListImports,
  StartImport,
  UploadImport,
} from './types.ts'
import type { FileBody } from '../upload.ts'

/** Files of contacts: upload, look at what the columns seem to be, and import. */
export class ImportsResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * Upload a CSV file of contacts, and see what its columns seem to be; nothing is imported yet.
   *
   * CSV (RFC 4180) in UTF-8, UTF-16 or Latin-1, with commas, semicolons or tabs, also packed with gzip. The file
   * is the body as it is, or the field `file` of a form, and may have up to 1 GB: it is read as it arrives, and
   * nothing stays of one that breaks off. Fields of the form before the file count as parameters of the query;
   * others, and a second file, are refused. A file that is not started is deleted after 24 hours.
   *
   * Takes a secret key with the scope `contacts:write`.
   */
  upload(file: FileBody, query?: UploadImport, options?: RequestOptions): Answer<Import> {
    return this.#api.call('POST', '/v1/imports', { file, query, options })
  }

  /**
   * List imports, newest first.
   *
   * Takes a secret key with the scope `contacts:read`.
   */
  list(query?: ListImports, options?: RequestOptions): Pages<ImportPage> {
    return this.#api.pages('/v1/imports', { query, options })
  }

  /**
   * Import the rows of an uploaded file, as a job.
   *
   * Each row is held to the rules of `contacts.upsert`; one with a fault goes into the report and keeps no other
   * from being stored. Of several rows for one address the later win, key by key. Whatever is stopped in between
   * goes on where it was. The file is deleted as it is read, and the report 30 days after the end.
   *
   * Takes a secret key with the scope `contacts:write`.
   *
   * @param id The id of the import.
   */
  start(id: string, input?: StartImport, options?: KeyedRequestOptions): Answer<Import> {
    return this.#api.call('POST', '/v1/imports/{id}/start', { path: { id }, body: input, keyed: true, options })
  }

  /**
   * Get an import, and how far it is.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param id The id of the import.
   */
  get(id: string, options?: RequestOptions): Answer<Import> {
    return this.#api.call('GET', '/v1/imports/{id}', { path: { id }, options })
  }

  /**
   * Delete an import with its file and its report; contacts that it stored stay.
   *
   * Takes a secret key with the scope `contacts:write`.
   *
   * @param id The id of the import.
   */
  delete(id: string, options?: KeyedRequestOptions): Answer<void> {
    return this.#api.call('DELETE', '/v1/imports/{id}', { path: { id }, keyed: true, options })
  }

  /**
   * List the rows of an import that were refused, skipped or kept out, in their order.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param id The id of the import.
   */
  problems(id: string, query?: ListImportProblems, options?: RequestOptions): Pages<ImportProblemPage> {
    return this.#api.pages('/v1/imports/{id}/problems', { path: { id }, query, options })
  }

  /**
   * Download the rows of an import that were refused, skipped or kept out, as a file.
   *
   * A cell that a spreadsheet would run has an apostrophe before it. The report is kept for 30 days after the end.
   *
   * Takes a secret key with the scope `contacts:read`.
   *
   * @param id The id of the import.
   */
  report(id: string, query?: GetImportReport, options?: RequestOptions): Download<ImportProblem> {
    return this.#api.file('/v1/imports/{id}/report', { path: { id }, query, options })
  }
}
