import { noteAccountAct } from '@posthorn/services'
import type { Account, GenericEndpointContext } from 'better-auth'
import { sql } from 'kysely'
import type { Tools } from './plugin.ts'
import { whenceOf } from './whence.ts'

/** Tells somebody that a provider can sign them in from now on. Who comes to be with the first way in knows. */
export function tellOfLink({ runtime: { db }, mails, inBackground }: Tools) {
  return ({ userId, providerId }: Account, context: GenericEndpointContext | null): Promise<void> => {
    // Setting a password is told by itself.
    if (providerId === 'credential') return Promise.resolve()
    inBackground(async () => {
      const { rows } = await sql<{ name: string; email: string }>`
        select name, email from auth.users
        where id = ${userId} and (select count(*) from auth.accounts where user_id = users.id)
          + (select count(*) from auth.passkeys where user_id = users.id) > 1
      `.execute(db)
      const [user] = rows
      if (user === undefined) return
      const whence = whenceOf(context?.headers)
      await noteAccountAct(db, { userId, action: 'provider-linked', ...whence, detail: { provider: providerId } })
      const words = `Your account was linked to a provider (${providerId}): who is signed in there can sign in here.`
      await mails.wayInChanged(user, words)
    })
    return Promise.resolve()
  }
}
