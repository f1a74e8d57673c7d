import { variablesOf, type Recipient, type RecipientLinks, type Variables } from '@posthorn/rendering'
import type { StoredVariable } from '@posthorn/db/tables/templates'
import { mergedData } from '../contacts/known.ts'
import type { Data } from '../contacts/merge.ts'
import type { Sender } from '../senders.ts'
import { misfits, type Misfit } from '../templates/declared.ts'
import { fallbacksOf } from '../templates/published.ts'
import { projectOf } from './footer.ts'

interface Known {
  contact: Recipient & { data: Data }
  /** What is merged into the contact. */
  patch: Data
  /** What goes with the mail; wins over what the contact has. */
  data: Data
  declared: readonly StoredVariable[]
  sender: Sender
  links: RecipientLinks
}

interface Values {
  variables: Variables
  /** The language of the recipient, or that of the project. */
  locale: string
  /** What is wrong with them, as far as the template declares what it wants. */
  misfits: Misfit[]
}

/** The values of a mail for one recipient. A preview takes them from here as a send does, so that both show the same. */
export function valuesFor({ contact, patch, data, declared, sender, links }: Known): Values {
  const known = mergedData(contact.data, patch)
  const locale = typeof known['locale'] === 'string' ? known['locale'] : sender.language
  return {
    variables: variablesOf({
      contact: { ...contact, data: known },
      data,
      links,
      locale,
      project: projectOf(sender),
      fallbacks: fallbacksOf(declared),
    }),
    locale,
    misfits: misfits(declared, { ...known, ...data }),
  }
}
