import { z } from 'zod'
import { defineOperations } from './define.ts'
import { headerText } from './header-text.ts'
import { LIMITS } from './limits.ts'
import { Id, Nothing, page, PageQuery, Timestamp } from './primitives.ts'

/** The kinds of pictures that are taken, by the ends of their addresses. All mail programs show them, but for WebP in some. */
export const IMAGE_TYPES = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
} as const

export const Image = z
  .object({
    id: Id,
    url: z.string().describe('Where everybody can load it, for good: the address is made of what is in the file.'),
    name: z.string().describe('As the file was called.'),
    contentType: z.enum(Object.values(IMAGE_TYPES)),
    width: z.int().describe('In pixels.'),
    height: z.int().describe('In pixels.'),
    sizeBytes: z.int(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Image', description: 'A picture that mail can show.' })

export const images = defineOperations({
  list: {
    summary: 'List pictures, newest first',
    scope: 'templates:read',
    rest: { method: 'GET', path: '/v1/images' },
    input: z.object({ ...PageQuery }).meta({ id: 'ListImages', description: 'Which pictures to list.' }),
    output: page(Image).meta({ id: 'ImagePage', description: 'One page of pictures, newest first.' }),
  },
  upload: {
    summary: 'Upload a picture for mails; the same bytes again are the same picture',
    description:
      'PNG, JPEG, GIF and WebP, known by what is in the file and not by its name. SVG is refused: mail programs do not show it, and it can hold scripts.',
    scope: 'templates:write',
    rest: { method: 'POST', path: '/v1/images', aliases: ['/v1/uploads/image'], status: 201 },
    input: z
      .object({
        name: headerText(LIMITS.filenameLength)
          .min(1)
          .optional()
          .describe('What the file is called. Left out: as the form says.'),
      })
      .meta({ id: 'UploadImage', description: 'What the picture in the body is called.' }),
    output: Image,
    plunkNames: { key: 'id', filename: 'name', size: 'sizeBytes' },
    takes: { types: ['image/*', 'application/octet-stream'], maxBytes: LIMITS.imageBytes, plunkField: 'image' },
    refusals: ['IMAGE_INVALID', 'TOO_MANY_IMAGES', 'STORAGE_UNAVAILABLE'],
  },
  delete: {
    summary: 'Delete a picture; mails that show it show a gap from then on',
    scope: 'templates:write',
    rest: { method: 'DELETE', path: '/v1/images/{id}', status: 204 },
    input: z.object({ id: Id.describe('The id of the picture.') }).meta({ id: 'DeleteImage' }),
    output: Nothing,
    refusals: ['IMAGE_NOT_FOUND'],
  },
})
