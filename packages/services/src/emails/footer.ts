import { partsWithoutAddress, withFooter, type Rendered, type RecipientLinks } from '@posthorn/rendering'
import { ApiError } from '../errors.ts'
import type { Sender } from '../senders.ts'
import type { PublishedTemplate } from '../templates/published.ts'

interface Finishing {
  type: PublishedTemplate['type']
  sender: Pick<Sender, 'projectName' | 'postalAddress'>
  links: RecipientLinks
  language: string
}

/** The sender, as templates name it. */
export const projectOf = ({ projectName, postalAddress }: Finishing['sender']) => ({ name: projectName, postalAddress })

export const isMarketing = (type: PublishedTemplate['type']) => type !== 'TRANSACTIONAL'

/** Adds to marketing mail what it must say and does not; a template of the type HEADLESS says all of it itself. */
export function finished(rendered: Rendered, { type, sender, links, language }: Finishing): Rendered {
  const { projectName, postalAddress } = sender
  if (type !== 'MARKETING' || postalAddress === null) return rendered
  return withFooter(rendered, { projectName, postalAddress, links, language })
}

const PARTS = { html: 'HTML', text: 'text part' }

/** Why marketing mail may not leave as it is; undefined where it may. */
export function lacksAddress(
  rendered: Rendered,
  { type, sender }: Pick<Finishing, 'type' | 'sender'>,
): string | undefined {
  if (!isMarketing(type)) return undefined
  if (sender.postalAddress === null) return 'The project has no postal address, which marketing mail must name.'
  const parts = type === 'MARKETING' ? [] : partsWithoutAddress(rendered, sender.postalAddress)
  if (parts.length === 0) return undefined
  const where = parts.map((part) => PARTS[part]).join(' and the ')
  const verb = parts.length === 1 ? 'does' : 'do'
  return `The ${where} of the mail ${verb} not name the postal address of the project: write {{ project.postalAddress }} there.`
}

/** Refuses marketing mail that does not say where its sender is. */
export function requireAddress(rendered: Rendered, finishing: Pick<Finishing, 'type' | 'sender'>): void {
  const problem = lacksAddress(rendered, finishing)
  if (problem === undefined) return
  // Whose template lacks it is told so by the words themselves.
  const suggestion = 'Set `postalAddress` of the project, in its settings or by PATCH /v1/project.'
  throw new ApiError('POSTAL_ADDRESS_NEEDED', problem, finishing.sender.postalAddress === null ? { suggestion } : {})
}
