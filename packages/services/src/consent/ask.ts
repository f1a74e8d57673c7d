import type { Db } from '@posthorn/db'
import { STREAMS } from '@posthorn/outbox'
import { sql } from 'kysely'
import { acceptEmails, type Mail } from '../emails/accept.ts'
import { newId } from '../ids.ts'
import { htmlOf, textOf } from '../product-mail-template.ts'
import type { Runtime } from '../runtime.ts'
import { requireSender, type Sender } from '../senders.ts'
import { agreedAt, staysOut } from './agreed.ts'
import { confirmationMail } from './confirmation-mail.ts'
import { confirmationLink } from './links.ts'
import type { Consent } from './proof.ts'

/** What asking people by mail takes. */
export interface Asking {
  runtime: Pick<Runtime, 'links' | 'publicUrl' | 'captures'>
  sender: Sender
}

/** What a contact is asked to confirm. */
export interface Question {
  contactId: string
  /** Besides mail at all, where they do not get that: nobody gets a topic without it. */
  topics: string[]
  consent: Consent | undefined
  /** With a consent, also who opted out. */
  evenIfOut?: boolean
}

export const CONFIRMATION_DAYS = 7
/** Nobody can have somebody else's mailbox filled: so many a day, and a while between two to the same address. */
const MAILS_PER_DAY = 3
const MINUTES_BETWEEN = 10

interface Asked {
  contactId: string
  id: string
  email: string
  locale: string | null
  isToBeMailed: boolean
}

/**
 * Asks contacts by mail to confirm what they, or somebody else, asked for. Belongs into the transaction of the change.
 * What was asked before and is still open is asked together with it. Who is subscribed is not asked again; who opted
 * out only where the question says so and comes with a consent that is newer. Answers whom it now waits for.
 */
export async function askToConfirm(db: Db, asking: Asking, questions: readonly Question[]): Promise<Set<string>> {
  if (questions.length === 0) return new Set()
  const asked = await keepQuestions(db, asking.sender.projectId, questions)
  const mails = asked.filter(({ isToBeMailed }) => isToBeMailed).map((one) => mailTo(asking, one))
  if (mails.length > 0) {
    const acceptance = { projectId: asking.sender.projectId, captured: asking.runtime.captures, mails }
    await acceptEmails(db, [acceptance])
  }
  return new Set(asked.map(({ contactId }) => contactId))
}

async function keepQuestions(db: Db, projectId: string, questions: readonly Question[]): Promise<Asked[]> {
  const rows = questions.map(({ contactId, topics, consent, evenIfOut = false }) => ({
    contact_id: contactId,
    id: newId(),
    topics,
    consent: consent ?? null,
    consents: evenIfOut && consent !== undefined,
    given_at: consent?.at ?? null,
  }))
  const isOpen = sql`(confirmations.confirmed_at is null and confirmations.expires_at > now()
    and confirmations.email = excluded.email)`
  const agreed = sql`case when consents then ${agreedAt({ at: sql.ref('given_at') })} end`
  const isNewDay = sql`confirmations.day_began < now() - interval '1 day'`
  const mayMail = sql`(confirmations.email <> excluded.email
    or confirmations.mailed_at < now() - make_interval(mins => ${MINUTES_BETWEEN})
    and (${isNewDay} or confirmations.mails < ${MAILS_PER_DAY}))`
  const { rows: asked } = await sql<Asked>`
    with question as (
      select contacts.id as contact_id, question.id, email, data ->> 'locale' as locale, topics, consent,
        not contacts.subscribed as subscribes
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as question (contact_id uuid, id uuid, topics text[], consent jsonb, consents boolean, given_at timestamptz)
      join contacts on contacts.project_id = ${projectId} and contacts.id = question.contact_id
      where not ${staysOut(sql.ref('opted_out_at'), agreed)}
    ), kept as (
      insert into confirmations (project_id, contact_id, id, email, subscribes, topics, consent, expires_at)
      select ${projectId}, contact_id, id, email, subscribes, topics, consent,
        now() + make_interval(days => ${CONFIRMATION_DAYS})
      from question where subscribes or topics <> '{}'
      order by contact_id
      on conflict (project_id, contact_id) do update set
        id = case when ${isOpen} then confirmations.id else excluded.id end,
        email = excluded.email,
        subscribes = excluded.subscribes or (${isOpen} and confirmations.subscribes),
        topics = case when ${isOpen}
          then array(select distinct unnest(confirmations.topics || excluded.topics)) else excluded.topics end,
        consent = coalesce(excluded.consent, case when ${isOpen} then confirmations.consent end),
        confirmed_at = null,
        mails = case when not ${mayMail} then confirmations.mails
          when ${isNewDay} then 1 else confirmations.mails + 1 end,
        day_began = case when ${mayMail} and ${isNewDay} then now() else confirmations.day_began end,
        mailed_at = case when ${mayMail} then now() else confirmations.mailed_at end,
        expires_at = case when ${isOpen} and not ${mayMail} then confirmations.expires_at else excluded.expires_at end
      returning contact_id, id, old.mailed_at is distinct from new.mailed_at as is_to_be_mailed
    )
    select contact_id as "contactId", kept.id, email, locale, is_to_be_mailed as "isToBeMailed"
    from kept join question using (contact_id)
  `.execute(db)
  return asked
}

function mailTo({ runtime, sender }: Asking, { id, email, locale }: Asked): Mail {
  const { projectId, projectName, language } = sender
  const url = confirmationLink(runtime, projectId, id)
  const mail = confirmationMail({ locale: locale ?? language, projectName, url })
  return {
    recipients: [{ email }],
    from: requireSender({ runtime }, sender, {}),
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
    tags: ['confirmation'],
    scheduledAt: null,
    stream: STREAMS.transactional,
    templateId: null,
  }
}
