/** `{address}`, `{project}` and `{topic}` are filled in where they stand. */
export interface Words {
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
  askLeave: string
  askChoose: string
  left: string
  chosen: string
  leave: string
  choose: string
  unsubscribeAll: string
  /** Above the topics. */
  topics: string
  save: string
  saved: string
  askConfirm: string
  confirm: string
  confirmed: string
  over: string
  unavailable: string
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
    askLeave: 'Stop “{topic}” from {project} to {address}?',
    askChoose: 'Get “{topic}” from {project} at {address}?',
    left: '{address} gets no “{topic}” from {project}.',
    chosen: '{address} gets “{topic}” from {project}.',
    leave: 'Stop this one',
    choose: 'Get it',
    unsubscribeAll: 'Unsubscribe from all',
    topics: 'What do you want to get?',
    save: 'Save',
    saved: 'Saved.',
    askConfirm: 'Get newsletters from {project} at {address}?',
    confirm: 'Yes, confirm',
    confirmed: 'Thank you. {address} is confirmed at {project}.',
    over: 'This link works no more. Please subscribe again.',
    unavailable: 'This does not work at the moment. Please try again in a few minutes.',
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
    askLeave: '„{topic}“ von {project} nicht mehr an {address}?',
    askChoose: '„{topic}“ von {project} an {address} erhalten?',
    left: '{address} erhält „{topic}“ von {project} nicht.',
    chosen: '{address} erhält „{topic}“ von {project}.',
    leave: 'Nur dies abbestellen',
    choose: 'Erhalten',
    unsubscribeAll: 'Von allem abmelden',
    topics: 'Was möchten Sie erhalten?',
    save: 'Speichern',
    saved: 'Gespeichert.',
    askConfirm: 'Newsletter von {project} an {address} erhalten?',
    confirm: 'Ja, bestätigen',
    confirmed: 'Danke. {address} ist bei {project} bestätigt.',
    over: 'Dieser Link gilt nicht mehr. Bitte melden Sie sich erneut an.',
    unavailable: 'Das geht gerade nicht. Bitte versuchen Sie es in einigen Minuten erneut.',
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
    askLeave: 'Ne plus envoyer « {topic} » de {project} à {address} ?',
    askChoose: 'Recevoir « {topic} » de {project} à l’adresse {address} ?',
    left: '{address} ne reçoit pas « {topic} » de {project}.',
    chosen: '{address} reçoit « {topic} » de {project}.',
    leave: 'Arrêter celle-ci',
    choose: 'La recevoir',
    unsubscribeAll: 'Se désabonner de tout',
    topics: 'Que souhaitez-vous recevoir ?',
    save: 'Enregistrer',
    saved: 'Enregistré.',
    askConfirm: 'Recevoir les newsletters de {project} à l’adresse {address} ?',
    confirm: 'Oui, confirmer',
    confirmed: 'Merci. {address} est confirmée chez {project}.',
    over: 'Ce lien n’est plus valable. Veuillez vous inscrire de nouveau.',
    unavailable: 'Cela ne fonctionne pas pour le moment. Réessayez dans quelques minutes.',
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
    askLeave: '¿Dejar de enviar «{topic}» de {project} a {address}?',
    askChoose: '¿Recibir «{topic}» de {project} en {address}?',
    left: '{address} no recibe «{topic}» de {project}.',
    chosen: '{address} recibe «{topic}» de {project}.',
    leave: 'Dejar solo este',
    choose: 'Recibirlo',
    unsubscribeAll: 'Darse de baja de todo',
    topics: '¿Qué desea recibir?',
    save: 'Guardar',
    saved: 'Guardado.',
    askConfirm: '¿Recibir los boletines de {project} en {address}?',
    confirm: 'Sí, confirmar',
    confirmed: 'Gracias. {address} está confirmada en {project}.',
    over: 'Este enlace ya no es válido. Suscríbase de nuevo.',
    unavailable: 'Ahora mismo no funciona. Inténtelo de nuevo en unos minutos.',
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
    askLeave: 'Non inviare più «{topic}» di {project} a {address}?',
    askChoose: 'Ricevere «{topic}» di {project} all’indirizzo {address}?',
    left: '{address} non riceve «{topic}» di {project}.',
    chosen: '{address} riceve «{topic}» di {project}.',
    leave: 'Non ricevere più questa',
    choose: 'Riceverla',
    unsubscribeAll: 'Annulla tutte le iscrizioni',
    topics: 'Che cosa desidera ricevere?',
    save: 'Salva',
    saved: 'Salvato.',
    askConfirm: 'Ricevere le newsletter di {project} all’indirizzo {address}?',
    confirm: 'Sì, confermo',
    confirmed: 'Grazie. {address} è confermato presso {project}.',
    over: 'Questo link non è più valido. Si iscriva di nuovo.',
    unavailable: 'Al momento non funziona. Riprovi tra qualche minuto.',
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
    askLeave: 'Geen ‘{topic}’ van {project} meer naar {address}?',
    askChoose: '‘{topic}’ van {project} ontvangen op {address}?',
    left: '{address} ontvangt geen ‘{topic}’ van {project}.',
    chosen: '{address} ontvangt ‘{topic}’ van {project}.',
    leave: 'Alleen deze afmelden',
    choose: 'Ontvangen',
    unsubscribeAll: 'Voor alles afmelden',
    topics: 'Wat wilt u ontvangen?',
    save: 'Opslaan',
    saved: 'Opgeslagen.',
    askConfirm: 'Nieuwsbrieven van {project} ontvangen op {address}?',
    confirm: 'Ja, bevestigen',
    confirmed: 'Dank u. {address} is bevestigd bij {project}.',
    over: 'Deze link werkt niet meer. Meld u opnieuw aan.',
    unavailable: 'Dat lukt op dit moment niet. Probeer het over enkele minuten opnieuw.',
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
