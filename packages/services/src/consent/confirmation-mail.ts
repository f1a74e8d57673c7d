import type { ProductMail } from '../product-mail-template.ts'

interface Words {
  subject: string
  heading: string
  ask: string
  confirm: string
  otherwise: string
  orOpen: string
}

/** `{project}` is filled in where it stands. */
const WORDS = {
  en: {
    subject: 'Please confirm your subscription to {project}',
    heading: 'One more step',
    ask: 'Somebody, probably you, asked for mail from {project} at this address. Please confirm that you want it.',
    confirm: 'Confirm',
    otherwise: 'If it was not you, do nothing: you will get no mail. The link works for 7 days.',
    orOpen: 'Or open this address:',
  },
  de: {
    subject: 'Bitte bestätigen Sie Ihre Anmeldung bei {project}',
    heading: 'Nur noch ein Schritt',
    ask: 'Jemand, vermutlich Sie, hat für diese Adresse E-Mails von {project} bestellt. Bitte bestätigen Sie, dass Sie sie erhalten möchten.',
    confirm: 'Bestätigen',
    otherwise: 'Wenn Sie es nicht waren, tun Sie nichts: Sie erhalten dann keine E-Mails. Der Link gilt 7 Tage.',
    orOpen: 'Oder öffnen Sie diese Adresse:',
  },
  fr: {
    subject: 'Confirmez votre abonnement à {project}',
    heading: 'Encore une étape',
    ask: 'Quelqu’un, sans doute vous, a demandé à recevoir les e-mails de {project} à cette adresse. Confirmez que vous le souhaitez.',
    confirm: 'Confirmer',
    otherwise: 'Si ce n’était pas vous, ne faites rien : vous ne recevrez aucun e-mail. Le lien est valable 7 jours.',
    orOpen: 'Ou ouvrez cette adresse :',
  },
  es: {
    subject: 'Confirme su suscripción a {project}',
    heading: 'Un paso más',
    ask: 'Alguien, probablemente usted, ha pedido recibir correos de {project} en esta dirección. Confirme que los desea.',
    confirm: 'Confirmar',
    otherwise: 'Si no fue usted, no haga nada: no recibirá ningún correo. El enlace es válido durante 7 días.',
    orOpen: 'O abra esta dirección:',
  },
  it: {
    subject: 'Confermi la Sua iscrizione a {project}',
    heading: 'Ancora un passo',
    ask: 'Qualcuno, probabilmente Lei, ha chiesto di ricevere le e-mail di {project} a questo indirizzo. Confermi che le desidera.',
    confirm: 'Conferma',
    otherwise: 'Se non è stato Lei, non faccia nulla: non riceverà e-mail. Il link vale 7 giorni.',
    orOpen: 'Oppure apra questo indirizzo:',
  },
  nl: {
    subject: 'Bevestig uw aanmelding bij {project}',
    heading: 'Nog één stap',
    ask: 'Iemand, waarschijnlijk u, heeft op dit adres om e-mail van {project} gevraagd. Bevestig dat u die wilt ontvangen.',
    confirm: 'Bevestigen',
    otherwise: 'Was u het niet, doe dan niets: u krijgt dan geen e-mail. De link werkt 7 dagen.',
    orOpen: 'Of open dit adres:',
  },
} as const satisfies Record<string, Words>

const isKnown = (tag: string): tag is keyof typeof WORDS => tag in WORDS

/** The mail that asks a person to confirm, in their language where it is known and else in English. */
export function confirmationMail({
  locale,
  projectName,
  url,
}: Record<'locale' | 'projectName' | 'url', string>): ProductMail {
  const [primary = ''] = locale.toLowerCase().split('-', 1)
  const tag = isKnown(primary) ? primary : 'en'
  const words = WORDS[tag]
  const fill = (text: string) => text.replaceAll('{project}', () => projectName)
  return {
    subject: fill(words.subject),
    heading: words.heading,
    paragraphs: [fill(words.ask)],
    action: { label: words.confirm, url },
    footnote: words.otherwise,
    language: { tag, orOpen: words.orOpen },
  }
}
