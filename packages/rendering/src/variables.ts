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

/**
 * What a template can name. The contact's data is there by its own names and under `data`; what is called like one of our
 * own is there under `data` alone, since anybody with a public key can add to it. `plunk_id` and `plunk_email` are the
 * names that Plunk's templates know.
 */
export function variablesOf({ contact, data, event, links, locale, project, fallbacks }: VariableSources): Variables {
  const given: Record<string, unknown> = { ...contact.data, ...data }
  // Of its own properties alone, or what JavaScript's objects bring along would stand before a fallback of that name.
  const isMissing = (name: string) => !Object.hasOwn(given, name) || isNothing(given[name])
  const standIns = Object.entries(fallbacks ?? {}).filter(([name]) => isMissing(name))
  const own: Record<string, unknown> = { ...given, ...Object.fromEntries(standIns) }
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

const isNothing = (value: unknown) => value === undefined || value === null || value === ''
