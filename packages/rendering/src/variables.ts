import type { Variables } from './compile.ts'

/** The contact that a message goes to, as templates see it. */
export interface Recipient {
  id: string
  email: string
  subscribed: boolean
  data: Readonly<Record<string, unknown>>
}

/** Links that are made for one recipient. */
export interface RecipientLinks {
  unsubscribeUrl: string
  subscribeUrl: string
  manageUrl: string
}

export interface VariableSources {
  contact: Recipient
  /** What goes with this one message; wins over what the contact has. */
  data?: Readonly<Record<string, unknown>>
  /** The event that caused it, where one did. */
  event?: Readonly<Record<string, unknown>>
  links?: Partial<RecipientLinks>
  locale?: string
  /** Who sends it. */
  project?: { name: string; postalAddress: string | null }
  /** What stands for a value that is missing, by the name of the variable. */
  fallbacks?: Readonly<Record<string, unknown>>
}

/** Names that every template knows. */
export const BUILT_IN_VARIABLES = [
  'id',
  'email',
  'subscribed',
  'locale',
  'plunk_id',
  'plunk_email',
  'unsubscribeUrl',
  'subscribeUrl',
  'manageUrl',
  'contact',
  'data',
  'event',
  'project',
] as const

/**
 * What a template can name. The contact's data is there by its own names and under `data`; what is called like one of our
 * own is there under `data` alone, since anybody with a public key can add to it. `plunk_id` and `plunk_email` are the
 * names that Plunk's templates know.
 */
export function variablesOf({ contact, data, event, links, locale, project, fallbacks }: VariableSources): Variables {
  const own: Record<string, unknown> = { ...contact.data, ...data }
  for (const [name, fallback] of Object.entries(fallbacks ?? {})) {
    if (own[name] === undefined || own[name] === null || own[name] === '') own[name] = fallback
  }
  return {
    ...own,
    project,
    id: contact.id,
    email: contact.email,
    subscribed: contact.subscribed,
    plunk_id: contact.id,
    plunk_email: contact.email,
    locale: locale ?? own['locale'],
    ...links,
    contact: { id: contact.id, email: contact.email, subscribed: contact.subscribed, data: contact.data },
    data: own,
    event: event ?? {},
  }
}
