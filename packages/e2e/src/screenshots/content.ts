import type { Role } from '@posthorn/contracts'
import type { Somebody } from '../posthorn/people.ts'

/** A book shop, as somebody might run one. */
export const SHOP = { name: 'Lumen Books', sender: 'hello@lumen-books.example' }

export const OWNER: Somebody = { name: 'Olive Okafor', email: 'olive@lumen-books.example' }

export const TEAM: (Somebody & { role: Role })[] = [
  { name: 'Mateo Ruiz', email: 'mateo@lumen-books.example', role: 'admin' },
  { name: 'Priya Nair', email: 'priya@lumen-books.example', role: 'member' },
  { name: 'Jonas Weber', email: 'jonas@ledger.example', role: 'viewer' },
]

export const CUSTOMERS = [
  ['Ada Lindqvist', 'ada.lindqvist@nordpost.example'],
  ['Bram de Vries', 'bram@devries.example'],
  ['Chiara Rossi', 'chiara.rossi@postino.example'],
  ['Daniel Osei', 'daniel.osei@accramail.example'],
  ['Elif Demir', 'elif@demir-studio.example'],
  ['Farid Haddad', 'farid.haddad@levant.example'],
  ['Grace Murphy', 'grace@murphyandsons.example'],
  ['Hana Sato', 'hana.sato@sakura.example'],
  ['Ines Carvalho', 'ines.carvalho@porto.example'],
  ['Jakub Nowak', 'jakub.nowak@poczta.example'],
  ['Keiko Tanaka', 'keiko@tanaka.example'],
  ['Liam O’Brien', 'liam.obrien@dubmail.example'],
] as const

export interface Kind {
  subject: (order: number) => string
  tags: string[]
  text: (name: string, order: number) => string
  html?: (name: string, order: number) => string
}

const frame = (title: string, inner: string) => `
<div style="background:#f4f1ea;padding:32px 12px;font-family:Georgia,serif;color:#2b2620">
  <div style="max-width:520px;margin:0 auto;background:#ffffff;border-radius:8px;padding:32px">
    <p style="margin:0 0 24px;letter-spacing:2px;text-transform:uppercase;font-size:12px;color:#8a5a1c">Lumen Books</p>
    <h1 style="margin:0 0 16px;font-size:24px;font-weight:normal">${title}</h1>
    ${inner}
    <p style="margin:32px 0 0;font-size:13px;color:#6b6358">Lumen Books, 14 Lantern Lane, Galway</p>
  </div>
</div>`

const line = (title: string, price: string) =>
  `<tr><td style="padding:10px 0;border-bottom:1px solid #e8e2d6">${title}</td><td style="padding:10px 0;border-bottom:1px solid #e8e2d6;text-align:right">${price}</td></tr>`

export const KINDS = {
  order: {
    subject: (order) => `Your order ${order} is confirmed`,
    tags: ['order'],
    text: (name, order) => `Dear ${name},\n\nthank you for your order ${order}. We pack it today.\n\nLumen Books`,
    html: (name, order) =>
      frame(
        `Thank you, ${name}`,
        `<p>We pack your order <b>${order}</b> today. This is what will be in it:</p>
         <table style="width:100%;border-collapse:collapse">${line('The Left Hand of Darkness', '€ 12.90')}${line('Invisible Cities', '€ 11.50')}${line('Postage', '€ 3.20')}</table>
         <p style="text-align:right;font-size:18px">€ 27.60</p>
         <p><a href="https://lumen-books.example/orders/${order}" style="display:inline-block;background:#8a5a1c;color:#ffffff;text-decoration:none;padding:12px 20px;border-radius:6px">Follow your order</a></p>`,
      ),
  },
  shipped: {
    subject: (order) => `Order ${order} is on its way`,
    tags: ['order', 'shipping'],
    text: (name, order) => `Dear ${name},\n\nyour order ${order} left us this morning.\n\nLumen Books`,
    html: (name, order) => frame(`On its way, ${name}`, `<p>Your order <b>${order}</b> left us this morning.</p>`),
  },
  password: {
    subject: () => 'Choose a new password',
    tags: ['account'],
    text: (name) => `Dear ${name},\n\nyou asked for a new password: https://lumen-books.example/password\n`,
  },
  event: {
    subject: () => 'Reading tonight: Hana Sato on her new novel',
    tags: ['events', 'invitation'],
    text: (name) => `Dear ${name},\n\ntonight at eight, with tea.\n\nLumen Books`,
    html: (name) =>
      frame('Tonight at eight', `<p>Dear ${name}, Hana Sato reads from her new novel. There will be tea.</p>`),
  },
} as const satisfies Record<string, Kind>
