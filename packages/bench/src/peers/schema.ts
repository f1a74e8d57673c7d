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

export const MailBatch = z.object({ emails: z.array(Mail).min(1).max(100) })
