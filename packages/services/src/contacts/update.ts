import type { Input } from '@posthorn/contracts'
import { auditPerson } from '../audit.ts'
import { announce } from '../changes.ts'
import { askToConfirm } from '../consent/ask.ts'
import { originOf } from '../consent/proof.ts'
import { consentWish } from '../consent/wish.ts'
import { inTransaction, type Context } from '../context.ts'
import { getSender } from '../senders.ts'
import { chooseTopics } from '../topics/choices.ts'
import { changeContact, optedOut } from './change.ts'
import { getContact, present } from './read.ts'

/** Changes a contact by its id or address. What cannot be done to its consent refuses all of it. */
export const updateContact = (
  ctx: Context,
  { id, topics = {}, subscribed, consent, ...change }: Input<'contacts', 'update'>,
) =>
  inTransaction(ctx, async (ctx) => {
    const { projectId } = ctx.actor
    const contact = await getContact(ctx, id)
    const sender = await getSender(ctx)
    const origin = originOf(ctx)
    const wish = consentWish(ctx, sender, { subscribed, consent })
    const wants = wish.request?.evenIfKnown === true
    // Who is asked becomes subscribed by their answer; who is subscribed stays so, but for another address.
    const row = await changeContact(ctx.db, {
      ...change,
      projectId,
      id: contact.id,
      subscribed: wish.request === undefined ? subscribed : undefined,
      confirmsAddress: wish.request !== undefined,
      consent,
      origin,
    })
    const { subscribed: isIn, optedOutAt } = row === undefined ? contact : present(row)
    const isAsked = !isIn && (wants || (row?.is_decided === true && optedOutAt === null))
    if (isAsked) {
      const asked = await askToConfirm(ctx.db, { runtime: ctx.runtime, sender }, [
        { contactId: contact.id, topics: [], consent, evenIfOut: true },
      ])
      if (!asked.has(contact.id)) throw optedOut('The contact opted out.')
    }
    const [states = {}] = await chooseTopics(ctx.db, { asking: { runtime: ctx.runtime, sender }, origin }, [
      { contactId: contact.id, choices: topics, consent },
    ])
    const refused = Object.entries(topics).find(([topic, wanted]) => wanted && states[topic] === 'opted-out')
    if (refused !== undefined) throw optedOut(`The contact opted out, or left the topic \`${refused[0]}\`.`)
    const isChanged = row !== undefined || isAsked || Object.keys(topics).length > 0
    if (!isChanged) return contact
    await announce(ctx.db, projectId, 'contacts')
    await auditPerson(ctx, { action: 'contact.changed', target: contact.id })
    return row === undefined ? contact : present(row)
  })
