import { z } from 'zod'
import { distinctMailboxes } from './addresses.ts'
import { LIMITS } from './limits.ts'
import { Mailbox } from './primitives.ts'

const DistinctMailboxes = z.array(z.object({ email: z.string(), name: z.string().optional() }))

/** Who gets a mail each: one mailbox or a list on the wire, a list inside the server, each address once. */
export const Recipients = z.codec(
  z.union([
    Mailbox,
    z
      .array(Mailbox)
      .min(1, { error: 'At least one recipient.' })
      .max(LIMITS.recipientsPerSend, { error: `At most ${LIMITS.recipientsPerSend} recipients.` }),
  ]),
  DistinctMailboxes,
  { decode: (to) => distinctMailboxes(Array.isArray(to) ? to : [to]), encode: (to) => to },
)

/** Who gets a copy of the same mail, each address once. */
export const copies = () =>
  z.codec(
    z.array(Mailbox).max(LIMITS.copiesPerEmail, { error: `At most ${LIMITS.copiesPerEmail} addresses.` }),
    DistinctMailboxes,
    { decode: distinctMailboxes, encode: (copies) => copies },
  )
