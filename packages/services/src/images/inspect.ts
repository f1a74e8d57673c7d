import { LIMITS } from '@posthorn/contracts'
import type { Tables } from '@posthorn/db'
import { disableTypes, imageSize, types } from 'image-size'
import { ApiError } from '../errors.ts'

export type ImageType = Tables['images']['type']

const TAKEN: ReadonlySet<string> = new Set<ImageType>(['png', 'jpg', 'gif', 'webp'])

// The other formats are read by no mail program, and what is not parsed cannot be parsed wrongly.
disableTypes(types.filter((type) => !TAKEN.has(type)))

/** Whether there is a picture, and its end. What stands behind it is passed over, as all programs do; GIF has no sure sign. */
const ENDS: Partial<Record<ImageType, (bytes: Buffer) => boolean>> = {
  png: (bytes) => bytes.includes('IDAT') && bytes.includes('IEND'),
  jpg: (bytes) => bytes.includes(Buffer.from([0xff, 0xd9])),
  webp: (bytes) => bytes.length >= bytes.readUInt32LE(4) + 8,
}

/** What a file is, by its bytes. Refuses what is no picture, or one that nothing could show. */
export function inspectImage(bytes: Buffer): { type: ImageType; width: number; height: number } {
  const { type, width, height } = measure(bytes)
  if (type === undefined || !TAKEN.has(type) || !(Math.min(width, height) >= 1)) throw refusalOf(bytes)
  if (ENDS[type as ImageType]?.(bytes) === false) throw refusalOf(bytes)
  const side = Math.max(width, height)
  if (side > LIMITS.imageSidePixels) {
    throw invalid(`The picture is ${width} × ${height} pixels; at most ${LIMITS.imageSidePixels} each way are taken.`, {
      suggestion: 'Make it smaller: a mail is rarely wider than 600 pixels, or 1,200 on fine screens.',
    })
  }
  return { type: type as ImageType, width, height } // Safe because it is one of those that are taken.
}

function measure(bytes: Uint8Array) {
  try {
    return imageSize(bytes)
  } catch (error) {
    throw refusalOf(bytes, error)
  }
}

const SVG = /^\s*(?:<\?xml|<!--|<!doctype svg|<svg)/i
const SHOWN_BYTES = 256

function refusalOf(bytes: Uint8Array, cause?: unknown): ApiError {
  const isSvg = SVG.test(new TextDecoder().decode(bytes.subarray(0, SHOWN_BYTES)))
  return isSvg
    ? invalid('SVG is not taken: mail programs do not show it, and it can hold scripts.', {
        suggestion: 'Export the drawing as PNG.',
        cause,
      })
    : invalid('The file is no PNG, JPEG, GIF or WebP, or it is cut off.', { cause })
}

const invalid = (message: string, details: { suggestion?: string; cause?: unknown } = {}) =>
  new ApiError('IMAGE_INVALID', message, details)
