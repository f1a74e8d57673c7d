import { expect, vi } from 'vitest'
import type { TestApi } from './start-test-api.ts'

export interface ProductMail {
  projectId: string
  subject: string
  text: string
  html: string
}

/** The mails of Posthorn’s own that are queued for an address, oldest first. */
export async function productMails({ db }: Pick<TestApi, 'db'>, to: string): Promise<ProductMail[]> {
  const rows = await db
    .selectFrom('emails')
    .innerJoin('email_contents', (join) =>
      join
        .onRef('email_contents.id', '=', 'emails.content_id')
        .onRef('email_contents.project_id', '=', 'emails.project_id'),
    )
    .innerJoin('instance_setup', 'own_project_id', 'emails.project_id')
    .select(['emails.project_id', 'subject', 'text', 'html'])
    .where('to_email', '=', to)
    .orderBy('emails.id')
    .execute()
  return rows.map(({ project_id, subject, text, html }) => ({
    projectId: project_id,
    subject,
    text: text ?? '',
    html: html ?? '',
  }))
}

/** Waits for a mail with this subject, since no answer waits for it. */
export async function productMail(api: Pick<TestApi, 'db'>, to: string, subject: string): Promise<ProductMail> {
  return vi.waitFor(async () => {
    const found = (await productMails(api, to)).findLast((mail) => mail.subject === subject)
    expect(found, `a mail “${subject}” to ${to}`).toBeDefined()
    return found as ProductMail // Safe because it was just looked at.
  }, 10_000)
}

/** The token that the link of a mail carries. */
export function tokenIn({ text }: ProductMail): string {
  const [, token] = /#token=([\w-]{43})$/m.exec(text) ?? []
  if (token === undefined) throw new Error(`No link with a token in: ${text}`)
  return token
}
