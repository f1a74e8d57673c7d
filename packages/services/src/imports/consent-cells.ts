import { momentOf, readBoolean, type Read } from './cells.ts'

/** How a column can say who gets mail. */
export type ConsentColumn = 'subscribed' | 'unsubscribed' | 'optedOutAt' | 'status'

/** What a cell says of that. A refusal has the moment of it where the cell has one. */
export type Word = { says: 'yes' | 'no' | 'not-yet' | 'nothing' } | { says: 'refuses'; at: string | undefined }

const AGREED = words('subscribed active enabled confirmed optin optedin')
const REFUSED = words(
  `unsubscribed unsubscribe optout optedout bounced bounce hardbounce hardbounced softbounce softbounced complained
  complaint spam spamcomplaint reportedspam cleaned blocklisted blocked blacklisted suppressed invalid`,
)
const NOT_YET = words(
  'unconfirmed pending nonsubscribed notsubscribed neversubscribed transactional inactive disabled archived',
)
/** Such words stand in the columns of nothing else. */
const TELLING = words(
  'subscribed optin optedin unsubscribed optout optedout bounced complained cleaned blocklisted blacklisted suppressed',
)
/** What databases write where there is nothing; also a dash. */
const NOTHING = new Set(['', ...words('null none n/a 00000000 00000000000000')])

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/))
}

/** A name or a word, however it is written. */
export const plainWord = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_:.-]/g, '')

export const READ_CONSENT: Record<ConsentColumn, (cell: string) => Read<Word>> = {
  subscribed(cell) {
    const read = readBoolean(cell)
    return 'problem' in read ? read : { value: { says: read.value ? 'yes' : 'no' } }
  },
  unsubscribed: readRefusal,
  optedOutAt: readRefusal,
  status(cell) {
    const word = plainWord(cell)
    if (AGREED.has(word)) return { value: { says: 'yes' } }
    if (REFUSED.has(word)) return { value: { says: 'refuses', at: undefined } }
    if (NOT_YET.has(word)) return { value: { says: 'not-yet' } }
    return { problem: 'Expected a word such as `subscribed`, `unsubscribed`, `bounced` or `pending`.' }
  },
}

function readRefusal(cell: string): Read<Word> {
  if (NOTHING.has(plainWord(cell))) return { value: { says: 'nothing' } }
  const read = readBoolean(cell)
  if ('value' in read) return { value: read.value ? { says: 'refuses', at: undefined } : { says: 'nothing' } }
  const at = momentOf(cell)
  if (at !== undefined) return { value: { says: 'refuses', at } }
  // Days are written in many ways, and whichever it is, the person refuses.
  if (/\d/.test(cell) && !Number.isNaN(Date.parse(cell))) return { value: { says: 'refuses', at: undefined } }
  if (/^\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/.test(cell.trim())) return { value: { says: 'refuses', at: undefined } }
  return { problem: 'Expected yes or no, or since when, such as 2026-01-31; an empty cell where it is not so.' }
}

const NAMES: Record<ConsentColumn, ReadonlySet<string>> = {
  subscribed: words(
    `subscribed issubscribed subscribe subscription optin optedin isoptedin emailoptin newsletter acceptsmarketing
    acceptsemailmarketing marketingconsent emailconsent`,
  ),
  unsubscribed: words(
    `unsubscribed isunsubscribed unsubscribe globalunsubscribe unsubscribedfromallemail optout optedout isoptedout
    hasoptedout hasoptedoutofemail emailoptout emailoptedout donotemail donotcontact bounced hardbounced complained
    suppressed blocked blocklisted blacklisted emailblacklisted bouncedat hardbouncedat complainedat cleanedat cleantime
    suppressedat blocklistedat unsubscribedat unsubscribedon unsubscribedate unsubscribeddate unsubscribetime unsubtime
    optedoutat optoutat optoutdate optouttime`,
  ),
  // Exports alone have it, and are known by all their columns.
  optedOutAt: new Set(),
  status: words(
    'subscriptionstatus subscriberstatus subscribedstatus memberstatus emailstatus emailmarketingstatus marketingstatus',
  ),
}

/** Which way a column seems to say it, by its name; the cells may say otherwise. */
export function consentNamed(name: string): ConsentColumn | undefined {
  const plain = plainWord(name)
  return (Object.keys(NAMES) as ConsentColumn[]).find((way) => NAMES[way].has(plain)) // Safe because these are its keys.
}

/** The way in which all these cells can be read; undefined where they cannot. */
export function consentColumn(name: string, cells: readonly string[]): ConsentColumn | undefined {
  const way = consentNamed(name)
  if (way !== undefined && cells.every((cell) => 'value' in READ_CONSENT[way](cell))) return way
  const isState = /^(?:status|state)$/.test(plainWord(name)) || way !== undefined
  return isState && cells.some((cell) => TELLING.has(plainWord(cell))) ? 'status' : undefined
}

/** What several columns come to: who refuses in one of them refuses, and who agrees in none has not agreed. */
export function heard(said: readonly Word[], { tellsOptOuts }: { tellsOptOuts: boolean }) {
  const refusals = said.filter((word) => word.says === 'refuses')
  const isSaid = (says: Word['says']) => said.some((word) => word.says === says)
  const isRefused = refusals.length > 0 || (isSaid('no') && !tellsOptOuts)
  return {
    subscribed: isRefused || isSaid('no') || isSaid('not-yet') ? false : isSaid('yes') ? true : undefined,
    refuses: isRefused,
    refusedAt: refusals.find(({ at }) => at !== undefined)?.at,
  }
}
