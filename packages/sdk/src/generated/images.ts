// Generated from the contracts by `pnpm generate`. Do not edit.

import type { Answer, Pages } from '../answer.ts'
import type { Api } from '../api.ts'
import type { KeyedRequestOptions, RequestOptions } from '../options.ts'
import type { Image, ImagePage, ListImages, UploadImage } from './types.ts'
import type { FileBody } from '../upload.ts'

/** Pictures that mails show. */
export class ImagesResource {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /**
   * List pictures, newest first.
   *
   * Takes a secret key with the scope `templates:read`.
   */
  list(query?: ListImages, options?: RequestOptions): Pages<ImagePage> {
    return this.#api.pages('/v1/images', { query, options })
  }

  /**
   * Upload a picture for mails; the same bytes again are the same picture.
   *
   * PNG, JPEG, GIF and WebP, known by what is in the file and not by its name. SVG is refused: mail programs do
   * not show it, and it can hold scripts.
   *
   * Takes a secret key with the scope `templates:write`.
   */
  upload(file: FileBody, query?: UploadImage, options?: RequestOptions): Answer<Image> {
    return this.#api.call('POST', '/v1/images', { file, query, options })
  }

  /**
   * Delete a picture; mails that show it show a gap from then on.
   *
   * Takes a secret key with the scope `templates:write`.
   *
   * @param id The id of the picture.
   */
  delete(id: string, options?: KeyedRequestOptions): Answer<void> {
    return this.#api.call('DELETE', '/v1/images/{id}', { path: { id }, keyed: true, options })
  }
}
