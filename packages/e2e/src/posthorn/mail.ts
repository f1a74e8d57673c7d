import type { WireOutput } from '@posthorn/contracts'
import { findOwnProject, invoke, newId, systemActor } from '@posthorn/services'
import { eventually } from './eventually.ts'
import type { Posthorn } from './start.ts'

export type CaughtMail = WireOutput<'inbox', 'get'>

/** The newest mail of Posthorn itself to an address that came to the built-in inbox, once it is there. */
export async function productMail(posthorn: Posthorn, to: string, subject: RegExp): Promise<CaughtMail> {
  const { db, runtime } = posthorn
  const find = async () => {
    const projectId = await findOwnProject(db)
    if (projectId === undefined) return undefined
    const ctx = { db, runtime, actor: systemActor(projectId), requestId: newId() }
    const { data } = await invoke(ctx, ['inbox', 'list'], { to })
    const message = data.find((one) => subject.test(one.subject))
    return message && invoke(ctx, ['inbox', 'get'], { id: message.id })
  }
  return eventually(find, `a mail to ${to} about ${subject}`)
}

/** The link of a mail of Posthorn itself that carries a token. */
export function linkIn({ links }: CaughtMail): string {
  const link = links.find((one) => one.includes('#token='))
  if (link === undefined) throw new Error(`No link with a token among: ${links.join(' ')}`)
  return link
}
