import { namesAddress, withFooter, type Rendered, type RecipientLinks } from '@posthorn/rendering'
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

/** Why marketing mail may not leave as it is; undefined where it may. */
export function lacksAddress(
  rendered: Rendered,
  { type, sender }: Pick<Finishing, 'type' | 'sender'>,
): string | undefined {
  if (!isMarketing(type)) return undefined
  if (sender.postalAddress === null) return 'The project has no postal address, which marketing mail must name.'
  if (type === 'MARKETING' || namesAddress(rendered, sender.postalAddress)) return undefined
  return 'The mail does not name the postal address of the project: write {{ project.postalAddress }} where it belongs.'
}

/** Refuses marketing mail that does not say where its sender is. */
export function requireAddress(rendered: Rendered, finishing: Pick<Finishing, 'type' | 'sender'>): void {
  const problem = lacksAddress(rendered, finishing)
  if (problem === undefined) return
  throw new ApiError('POSTAL_ADDRESS_NEEDED', problem, {
    suggestion: 'Set `postalAddress` of the project, in its settings or by PATCH /v1/project.',
  })
}
