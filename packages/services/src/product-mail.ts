import type { Mailbox } from '@posthorn/contracts'
import { transact, type Db } from '@posthorn/db'
import { STREAMS } from '@posthorn/outbox'
import { acceptEmails } from './emails/accept.ts'
import { ownProject } from './people/own-project.ts'
import { htmlOf, textOf, type ProductMail } from './product-mail-template.ts'
import type { Runtime } from './runtime.ts'
import { productSender } from './senders.ts'

/**
 * Queues a mail of Posthorn’s own, from the instance’s own project, in the transaction of the caller when there is one.
 */
export async function sendProductMail(
  { db, runtime }: { db: Db; runtime: Runtime },
  to: Mailbox,
  mail: ProductMail,
): Promise<void> {
  const projectId = await ownProject(db)
  const from = await productSender(db, projectId, runtime.captures)
  const acceptance = {
    recipients: [to],
    from,
    replyTo: null,
    cc: [],
    bcc: [],
    subject: mail.subject,
    html: htmlOf(mail),
    text: textOf(mail),
    // RFC 3834: nothing that answers mail by itself should answer this one.
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments: [],
    data: {},
    contactData: {},
    subscribed: undefined,
    tags: ['posthorn'],
    scheduledAt: null,
    stream: STREAMS.transactional,
    templateId: null,
  }
  const accept = async (db: Db) => {
    const [[emails = []] = []] = await acceptEmails(db, [
      { projectId, captured: runtime.captures, mails: [acceptance] },
    ])
    const life = mail.action?.livesBy
    if (life === undefined) return
    const rows = emails.map(({ email }) => ({ project_id: projectId, email_id: email, ...life }))
    await db.insertInto('mailed_links').values(rows).execute()
  }
  await (db.isTransaction ? accept(db) : transact(db, accept))
}
