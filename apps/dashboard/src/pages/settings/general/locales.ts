interface Choice {
  value: string
  label: string
}

/** What most projects write in; any other tag can be typed. */
const COMMON_LANGUAGES = [
  'ar',
  'bg',
  'bn',
  'ca',
  'cs',
  'da',
  'de',
  'de-AT',
  'de-CH',
  'el',
  'en',
  'en-GB',
  'en-US',
  'es',
  'es-MX',
  'et',
  'fa',
  'fi',
  'fr',
  'fr-CA',
  'he',
  'hi',
  'hr',
  'hu',
  'id',
  'it',
  'ja',
  'ko',
  'lt',
  'lv',
  'ms',
  'nb',
  'nl',
  'pl',
  'pt',
  'pt-BR',
  'ro',
  'ru',
  'sk',
  'sl',
  'sr',
  'sv',
  'th',
  'tr',
  'uk',
  'ur',
  'vi',
  'zh-Hans',
  'zh-Hant',
]

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

const languageChoice = (tag: string): Choice => ({ value: tag, label: `${names.of(tag) ?? tag} (${tag})` })

/** The tag that was typed, where it is one. */
function typedLanguage(text: string): string[] {
  try {
    return Intl.getCanonicalLocales(text.trim()).filter((tag) => names.of(tag) !== undefined)
  } catch {
    return []
  }
}

/**
 * @param current is always among them
 * @param typed what was searched for: a tag is offered whatever it is
 */
export const languageChoices = (current: string, typed: string): Choice[] =>
  [...new Set([current, ...COMMON_LANGUAGES, ...typedLanguage(typed)])]
    .map(languageChoice)
    .sort((one, other) => one.label.localeCompare(other.label))

/** @param current is always among them: the server may know zones that this browser does not */
export const zoneChoices = (current: string): string[] =>
  [...new Set(['UTC', current, ...Intl.supportedValuesOf('timeZone')])].sort()

/** How far the zone is from Greenwich then: `GMT+1`. Undefined for one that this browser does not know. */
export function offsetOf(timeZone: string, at: Date): string | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(at)
    return parts.find(({ type }) => type === 'timeZoneName')?.value
  } catch {
    return undefined
  }
}
