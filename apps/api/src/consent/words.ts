/** `{address}` and `{project}` are filled in where they stand. */
interface Words {
  askUnsubscribe: string
  askSubscribe: string
  unsubscribed: string
  subscribed: string
  /** Below `unsubscribed`. */
  exceptions: string
  unsubscribe: string
  subscribe: string
  gone: string
  notFound: string
}

const WORDS = {
  en: {
    askUnsubscribe: 'Stop newsletters from {project} to {address}?',
    askSubscribe: 'Get newsletters from {project} at {address}?',
    unsubscribed: '{address} gets no newsletters from {project}.',
    subscribed: '{address} gets newsletters from {project}.',
    exceptions: 'Mail about what you do there, such as receipts, still comes.',
    unsubscribe: 'Unsubscribe',
    subscribe: 'Subscribe',
    gone: 'This address is on the list no more. There is nothing left to do.',
    notFound: 'There is no such page.',
  },
  de: {
    askUnsubscribe: 'Keine Newsletter von {project} mehr an {address}?',
    askSubscribe: 'Newsletter von {project} an {address} erhalten?',
    unsubscribed: '{address} erhält keine Newsletter von {project}.',
    subscribed: '{address} erhält Newsletter von {project}.',
    exceptions: 'E-Mails zu eigenen Vorgängen, etwa Rechnungen, kommen weiterhin.',
    unsubscribe: 'Abmelden',
    subscribe: 'Anmelden',
    gone: 'Diese Adresse steht nicht mehr auf der Liste. Es gibt nichts mehr zu tun.',
    notFound: 'Diese Seite gibt es nicht.',
  },
  fr: {
    askUnsubscribe: 'Ne plus envoyer les newsletters de {project} à {address} ?',
    askSubscribe: 'Recevoir les newsletters de {project} à l’adresse {address} ?',
    unsubscribed: '{address} ne reçoit pas les newsletters de {project}.',
    subscribed: '{address} reçoit les newsletters de {project}.',
    exceptions: 'Les e-mails liés à vos démarches, comme les reçus, continuent d’arriver.',
    unsubscribe: 'Se désabonner',
    subscribe: 'S’abonner',
    gone: 'Cette adresse n’est plus sur la liste. Il n’y a plus rien à faire.',
    notFound: 'Cette page n’existe pas.',
  },
  es: {
    askUnsubscribe: '¿Dejar de enviar los boletines de {project} a {address}?',
    askSubscribe: '¿Recibir los boletines de {project} en {address}?',
    unsubscribed: '{address} no recibe boletines de {project}.',
    subscribed: '{address} recibe los boletines de {project}.',
    exceptions: 'Los correos sobre sus propias gestiones, como los recibos, siguen llegando.',
    unsubscribe: 'Darse de baja',
    subscribe: 'Suscribirse',
    gone: 'Esta dirección ya no está en la lista. No queda nada por hacer.',
    notFound: 'Esta página no existe.',
  },
  it: {
    askUnsubscribe: 'Non inviare più le newsletter di {project} a {address}?',
    askSubscribe: 'Ricevere le newsletter di {project} all’indirizzo {address}?',
    unsubscribed: '{address} non riceve le newsletter di {project}.',
    subscribed: '{address} riceve le newsletter di {project}.',
    exceptions: 'Le e-mail sulle proprie operazioni, come le ricevute, continuano ad arrivare.',
    unsubscribe: 'Annulla l’iscrizione',
    subscribe: 'Iscriviti',
    gone: 'Questo indirizzo non è più nella lista. Non c’è altro da fare.',
    notFound: 'Questa pagina non esiste.',
  },
  nl: {
    askUnsubscribe: 'Geen nieuwsbrieven van {project} meer naar {address}?',
    askSubscribe: 'Nieuwsbrieven van {project} ontvangen op {address}?',
    unsubscribed: '{address} ontvangt geen nieuwsbrieven van {project}.',
    subscribed: '{address} ontvangt nieuwsbrieven van {project}.',
    exceptions: 'E-mail over eigen zaken, zoals bonnen, blijft komen.',
    unsubscribe: 'Afmelden',
    subscribe: 'Aanmelden',
    gone: 'Dit adres staat niet meer op de lijst. Er hoeft niets meer te gebeuren.',
    notFound: 'Deze pagina bestaat niet.',
  },
} as const satisfies Record<string, Words>

export type Language = keyof typeof WORDS

export const LANGUAGES = Object.keys(WORDS) as Language[] // Safe because nothing else is in the table.

/** The words of a page in the language of a tag such as `de-AT`, or in English. */
export function wordsFor(tag: string): { language: Language; words: Words } {
  const [primary] = tag.toLowerCase().split('-', 1)
  const language = LANGUAGES.find((known) => known === primary) ?? 'en'
  return { language, words: WORDS[language] }
}
