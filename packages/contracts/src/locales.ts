import { LIMITS } from './limits.ts'
import { z } from 'zod'

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

function canonicalLanguage(text: string): string | undefined {
  try {
    const [tag] = Intl.getCanonicalLocales(text)
    // Well-formed is not enough: `english` could be a language, and is none.
    return tag !== undefined && languageNames.of(tag) !== undefined ? tag : undefined
  } catch {
    return undefined
  }
}

/** A language tag (BCP 47) in its canonical form, such as `de-AT`. */
export const Language = z
  .codec(z.string().max(LIMITS.languageTagLength), z.string(), {
    decode: (text, ctx) => {
      const tag = canonicalLanguage(text.trim())
      if (tag !== undefined) return tag
      const message = 'Not a language: expected a tag (BCP 47) such as en or pt-BR.'
      ctx.issues.push({ code: 'invalid_format', format: 'language', input: text, message })
      return z.NEVER
    },
    encode: (tag) => tag,
  })
  .meta({ description: 'A language tag (BCP 47).', examples: ['en'] })

function canonicalZone(text: string): string | undefined {
  // An offset is no place: it knows no summer time, and PostgreSQL reads its sign the other way round. Abbreviations
  // mean different places to it as well: IST is Israel there, and India here.
  if (!/^(?:utc$|(?!systemv\/)[a-z]+\/)/i.test(text)) return undefined
  try {
    const zone = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
    // Aliases keep their name: some engines would turn Asia/Kolkata into what it was called before.
    return zone.toLowerCase() === text.toLowerCase() ? zone : text
  } catch {
    return undefined
  }
}

/** A time zone of the IANA database by its area and city, such as `Europe/Berlin`, or `UTC`. */
export const TimeZone = z
  .codec(z.string().max(64), z.string(), {
    decode: (text, ctx) => {
      const zone = canonicalZone(text.trim())
      if (zone !== undefined) return zone
      const message = 'Not a time zone: expected UTC, or area and city as in the IANA database, such as Europe/Berlin.'
      ctx.issues.push({ code: 'invalid_format', format: 'time zone', input: text, message })
      return z.NEVER
    },
    encode: (zone) => zone,
  })
  .meta({ description: 'A time zone: `UTC`, or area and city as in the IANA database.', examples: ['Europe/Berlin'] })
