import { restore } from '../csv.ts'
import { choicesOf, momentOf, readBoolean, type Read } from './cells.ts'

/** How a column can say who gets mail. */
export type ConsentColumn = 'subscribed' | 'unsubscribed' | 'optedOutAt' | 'status'

/** What a cell says of that. A refusal has the moment of it where the cell has one. */
export type Word = { says: 'yes' | 'no' | 'not-yet' | 'nothing' } | { says: 'refuses'; at: string | undefined }

const AGREED = words(
  `subscribed active enabled confirmed optin optedin abonniert angemeldet aktiv bestatigt abonne abonnee inscrit inscrite
  actif confirme suscrito suscrita activo confirmado ingeschreven aangemeld geabonneerd actief bevestigd iscritto iscritta
  attivo attiva confermato confermata`,
)
/** Such words of somebody who refuses stand in the columns of nothing else. */
const UNMISTAKABLE = words(
  `unsubscribed optout optedout bounced hardbounce hardbounced softbounce softbounced complained spamcomplaint reportedspam
  cleaned blocklisted blacklisted suppressed abgemeldet abbestellt desabonne desabonnee desinscrit desinscrite desuscrito
  desuscrita dadodebaja uitgeschreven afgemeld disiscritto disiscritta cancellatodallalista`,
)
const REFUSED = new Set([
  ...UNMISTAKABLE,
  ...words(
    `unsubscribe bounce complaint spam blocked invalid gekundigt gesperrt widerrufen bloque baja bloqueado geblokkeerd
    opgezegd cancellato cancellata bloccato bloccata revocato`,
  ),
])
const NOT_YET = words(
  `unconfirmed pending nonsubscribed notsubscribed neversubscribed transactional inactive disabled archived unbestatigt
  ausstehend inaktiv enattente inactif pendiente inactivo inactief onbevestigd inattivo inattiva inattesa nonconfermato`,
)
/** The same of all that such columns say. */
const TELLING = new Set([...UNMISTAKABLE, 'subscribed', 'optin', 'optedin'])
/** What databases write where there is nothing; also a dash. */
const NOTHING = new Set(['', ...words('null none na 00000000 00000000000000')])
const YES = words('ja wahr oui vrai si verdadero waar vero x ✓ ✔ ☑')
const NO = words('nein falsch non faux falso nee neen onwaar ✗ ✘ ☐')

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/))
}

/** A name or a word, however it is written: its letters and digits alone, without what stands above them. */
export const plainWord = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}✓✔☑✗✘☐]/gu, '')

/** A name without what it says in brackets. */
const unbracketed = (name: string): string => name.replaceAll(/\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}/g, '')

/** Yes or no, also as spreadsheets write it elsewhere. */
function readAnswer(cell: string): Read<boolean> {
  const word = plainWord(cell)
  if (YES.has(word)) return { value: true }
  return NO.has(word) ? { value: false } : readBoolean(cell)
}

export const READ_CONSENT: Record<ConsentColumn, (cell: string) => Read<Word>> = {
  subscribed(cell) {
    const read = readAnswer(cell)
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
  const read = readAnswer(cell)
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
    `subscribed issubscribed emailsubscribed newslettersubscribed subscribedtonewsletter subscribe subscription
    newslettersubscription optin optedin isoptedin emailoptin emailoptedin newsletteroptin marketingoptin newsletter
    acceptsmarketing acceptsemailmarketing marketingconsent emailconsent emailmarketingconsent consent
    abonniert newsletterabonniert angemeldet newsletterangemeldet einwilligung werbeeinwilligung emaileinwilligung
    newslettereinwilligung zustimmung
    abonne abonnee abonnenewsletter abonnealanewsletter inscrit inscrite inscritnewsletter inscritalanewsletter consentement
    suscrito suscrita suscritoalboletin boletin consentimiento
    ingeschreven aangemeld nieuwsbrief toestemming iscritto iscritta iscrittoallanewsletter consenso`,
  ),
  unsubscribed: words(
    `unsubscribed isunsubscribed unsubscribe globalunsubscribe unsubscribedfromallemail emailunsubscribed optout optedout
    isoptedout hasoptedout hasoptedoutofemail emailoptout emailoptedout newsletteroptout marketingoptout donotemail
    donotcontact bounced hardbounced complained suppressed blocked blocklisted blacklisted emailblacklisted bouncedat
    hardbouncedat complainedat cleanedat cleantime suppressedat blocklistedat unsubscribedat unsubscribedon unsubscribedate
    unsubscribeddate unsubscribetime unsubtime optedoutat optoutat optoutdate optouttime
    abgemeldet newsletterabgemeldet abbestellt newsletterabbestellt abgemeldetam abmeldedatum abmeldung widerrufen
    widerspruch werbewiderspruch
    desabonne desabonnee desinscrit desinscrite datededesabonnement datededesinscription
    desuscrito desuscrita baja dadodebaja dadadebaja fechadebaja
    uitgeschreven uitgeschrevenop afgemeld afgemeldop datumuitschrijving disiscritto disiscritta datadisiscrizione`,
  ),
  // Exports alone have it, and are known by all their columns.
  optedOutAt: new Set(),
  status: words(
    `subscriptionstatus subscriberstatus subscribedstatus memberstatus emailstatus emailmarketingstatus marketingstatus
    newsletterstatus abonnementstatus statutabonnement estadosuscripcion nieuwsbriefstatus statoiscrizione`,
  ),
}

/** What is in the names of such columns, and seldom in those of others. */
const SOUNDS =
  /subscri|unsub|opt(?:ed)?(?:in|out)|newsletter|consent|marketing|mailing|permission|gdpr|dsgvo|rgpd|bounce|complain|suppress|blocklist|blacklist|donot(?:e?mail|contact|send)|(?:accept|allow|receive|send|want)s?e?mails?|abonn|angemeldet|abgemeldet|anmeld|abmeld|abbestell|einwillig|zustimm|widerruf|widerspr|werbe(?:erlaub|sperr)|desabon|inscri|suscri|suscrip|boletin|baja|^abo$|schreven|aangemeld|afgemeld|nieuwsbrief|toestemming|iscri|consenso/

/** Which way a column seems to say it, by its name; the cells may say otherwise. */
function consentNamed(name: string): ConsentColumn | undefined {
  const plain = [plainWord(unbracketed(name)), plainWord(name)]
  const ways = Object.keys(NAMES) as ConsentColumn[] // Safe because these are its keys.
  return ways.find((way) => plain.some((word) => NAMES[way].has(word)))
}

const isTopicsNamed = (name: string) => plainWord(unbracketed(name)) === 'topics'
const isStatusNamed = (name: string) => /^(?:status|state|statut|estado|stato)$/.test(plainWord(name))
const areStates = (cells: readonly string[]) => cells.every((cell) => 'value' in READ_CONSENT.status(cell))
const hasOptOut = (cells: readonly string[]) => cells.some((cell) => UNMISTAKABLE.has(plainWord(cell)))

/** The way in which all these cells can be read; undefined where they cannot. */
export function consentColumn(name: string, cells: readonly string[]): ConsentColumn | undefined {
  const way = consentNamed(name)
  if (way !== undefined && cells.every((cell) => 'value' in READ_CONSENT[way](cell))) return way
  const isState = isStatusNamed(name) || way !== undefined
  if (isState && cells.some((cell) => TELLING.has(plainWord(cell)))) return 'status'
  return hasOptOut(cells) && areStates(cells) ? 'status' : undefined
}

/** Whether a column seems to say which topics people chose and left, as exports do. Whether they are ours, people know. */
export function topicsColumn(name: string, cells: readonly string[]): boolean {
  if (isTopicsNamed(name) && cells.length === 0) return true
  const areChoices = (cell: string) => choicesOf(restore(cell).trim()) !== undefined
  const word = plainWord(name)
  return (word.includes('topics') || SOUNDS.test(word)) && cells.some(areChoices)
}

/** Whether a column that is not understood may say who gets mail: by its name, and by cells that answer such a question. */
export function maybeConsent(name: string, cells: readonly string[]): boolean {
  if (consentColumn(name, cells) !== undefined) return false
  if (consentNamed(name) !== undefined || hasOptOut(cells)) return true
  if (isTopicsNamed(name) || topicsColumn(name, cells)) return true
  // Customers can be active as well, so it is for people to say what such a column means.
  if (isStatusNamed(name) && cells.length > 0 && areStates(cells)) return true
  const answers = (cell: string) => 'value' in READ_CONSENT.unsubscribed(cell) || 'value' in READ_CONSENT.status(cell)
  return SOUNDS.test(plainWord(name)) && (cells.length === 0 || cells.some(answers))
}

/** What several columns come to: who refuses in one of them refuses, and who agrees in none has not agreed. */
export function heard(said: readonly Word[], { tellsOptOuts }: { tellsOptOuts: boolean }) {
  const refusals = said.filter((word) => word.says === 'refuses')
  const isSaid = (says: Word['says']) => said.some((word) => word.says === says)
  const isRefused = refusals.length > 0 || (isSaid('no') && !tellsOptOuts)
  return {
    subscribed: isRefused || isSaid('no') || isSaid('not-yet') ? false : isSaid('yes') ? true : undefined,
    refuses: isRefused,
    // Whoever refused more than once has refused since the last time.
    refusedAt: refusals
      .flatMap(({ at }) => at ?? [])
      .toSorted((one, other) => Date.parse(one) - Date.parse(other))
      .at(-1),
  }
}
