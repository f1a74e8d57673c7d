import { z } from 'zod'

/** What both peers accept. */
export const Mail = z.object({
  to: z.email().max(320),
  subject: z
    .string()
    .min(1)
    .max(998)
    .regex(/^[^\r\n]*$/),
  body: z.string().min(1),
  from: z.email().max(320),
})
export type Mail = z.infer<typeof Mail>

export const Event = z.object({
  event: z.string().min(1).max(200),
  email: z.email().max(320),
  data: z.record(z.string().max(128), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type Event = z.infer<typeof Event>

export const MailBatch = z.object({ emails: z.array(Mail).min(1).max(100) })

export const ListQuery = z.object({
  search: z.string().max(200).optional(),
  field: z.string().max(128).optional(),
  value: z.string().max(200).optional(),
})
export type ListQuery = z.infer<typeof ListQuery>
