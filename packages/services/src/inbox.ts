import type { Input } from '@posthorn/contracts'
import type { Db, Tables } from '@posthorn/db'
import { sql, type Selectable } from 'kysely'
import type { Address, Attachment, Email } from 'postal-mime'
import { auditPerson } from './audit.ts'
import { announce } from './changes.ts'
import { inTransaction, type Context } from './context.ts'
import { readCursor } from './cursor.ts'
import { ApiError } from './errors.ts'
import { noAttachment } from './emails/refusals.ts'
import type { Handlers } from './handlers.ts'
import { hasPart, idsOf, searchPage } from './search.ts'

const COLUMNS = ['id', 'email_id', 'envelope_from', 'envelope_to', 'subject', 'size_bytes', 'received_at'] as const

export const inbox: Handlers<'inbox'> = {
  async list(ctx, { limit, cursor, ...filter }) {
    requireInbox(ctx)
    const { projectId } = ctx.actor
    const ids = idsOf({ before: readCursor(cursor), ...filter })
    const span = () =>
      ctx.db
        .selectFrom('inbox_messages')
        .where('project_id', '=', projectId)
        .$if(filter.emailId !== undefined, (query) => query.where('email_id', '=', filter.emailId as string))
        .where('id', '>=', ids.from)
        .$if(ids.to !== undefined, (query) => query.where('id', '<', ids.to as string))
        .orderBy('id', 'desc')
    const isSearch = filter.to !== undefined || filter.search !== undefined
    return searchPage(
      ctx.db,
      {
        limit,
        walk: isSearch ? span().select('id') : undefined,
        rows: (from) => narrowed(span().select(COLUMNS), filter).where('id', '>=', from),
      },
      present,
    )
  },

  async get(ctx, { id }) {
    const row = await getMessage(ctx, id)
    const mail = await parse(row.source)
    return { ...present(row), ...describe(mail) }
  },

  async source(ctx, { id }) {
    const { source } = await getMessage(ctx, id)
    return { id, source: source.toString('latin1') }
  },

  async attachment(ctx, { id, place }) {
    const { source } = await getMessage(ctx, id)
    const { attachments } = await parse(source)
    const attachment = attachments[place]
    if (attachment === undefined) throw noAttachment()
    const { content } = attachment
    const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content))
    return { ...describeAttachment(attachment), content: bytes.toString('base64') }
  },

  clear: (ctx) =>
    inTransaction(ctx, async (ctx) => {
      requireInbox(ctx)
      const { projectId } = ctx.actor
      const { numDeletedRows } = await ctx.db
        .deleteFrom('inbox_messages')
        .where('project_id', '=', projectId)
        .executeTakeFirst()
      const deleted = Number(numDeletedRows)
      if (deleted > 0) await auditPerson(ctx, { action: 'inbox.cleared', target: projectId, detail: { deleted } })
      await announce(ctx.db, projectId, 'inbox')
      return { deleted }
    }),
}

const selectMessages = (db: Db) => db.selectFrom('inbox_messages').select(COLUMNS)

function narrowed(
  query: ReturnType<typeof selectMessages>,
  { to, search, since, until }: Omit<Input<'inbox', 'list'>, 'limit' | 'cursor'>,
) {
  if (to !== undefined) query = query.where(({ eb, ref }) => eb(eb.val(to), '=', eb.fn.any(ref('envelope_to'))))
  if (search !== undefined) {
    query = query.where(({ or, ref }) =>
      or([hasPart(ref('subject'), search), hasPart(sql`array_to_string(${ref('envelope_to')}, ' ')`, search)]),
    )
  }
  if (since !== undefined) query = query.where('received_at', '>=', since)
  if (until !== undefined) query = query.where('received_at', '<', until)
  return query
}

/** Messages are looked into one by one, by people; what parses them is loaded for the first. */
async function parse(source: Buffer): Promise<Email> {
  const { default: PostalMime } = await import('postal-mime')
  return PostalMime.parse(source, { attachmentEncoding: 'arraybuffer' })
}

function requireInbox({ runtime }: Context): void {
  if (runtime.captures) return
  throw new ApiError('INBOX_OFF', 'Mail goes to a real relay here, so there is no built-in inbox.', {
    suggestion: 'Leave SMTP_URL unset to have mail caught in the built-in inbox.',
  })
}

async function getMessage(ctx: Context, id: string) {
  requireInbox(ctx)
  const row = await ctx.db
    .selectFrom('inbox_messages')
    .selectAll()
    .where('project_id', '=', ctx.actor.projectId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) throw new ApiError('MESSAGE_NOT_FOUND', 'The inbox holds no such message of the project.')
  return row
}

function present(row: Omit<Selectable<Tables['inbox_messages']>, 'source' | 'project_id'>) {
  return {
    id: row.id,
    emailId: row.email_id,
    from: row.envelope_from,
    to: row.envelope_to,
    subject: row.subject,
    sizeBytes: row.size_bytes,
    receivedAt: row.received_at,
  }
}

const mailbox = ({ address, name }: Address) => ({ email: address ?? '', name: name ?? '' })

function describe(mail: Email) {
  return {
    html: mail.html ?? null,
    text: mail.text ?? null,
    headers: mail.headers.map(({ key, value }) => ({ name: key, value })),
    headerFrom: mail.from ? mailbox(mail.from) : null,
    headerTo: (mail.to ?? []).map(mailbox),
    headerCc: (mail.cc ?? []).map(mailbox),
    replyTo: (mail.replyTo ?? []).map(mailbox),
    links: linksIn(mail),
    attachments: mail.attachments.map(describeAttachment),
  }
}

function describeAttachment({ filename, mimeType, content, contentId, disposition }: Attachment) {
  return {
    filename: filename ?? null,
    contentType: mimeType,
    sizeBytes: typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength,
    contentId: contentId?.replaceAll(/[<>]/g, '') ?? null,
    disposition: disposition ?? null,
  }
}

function linksIn({ html = '', text = '' }: Email): string[] {
  const hrefs = [...html.matchAll(/\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map(
    ([, double, single]) => double ?? single ?? '',
  )
  const plain = text.match(/https?:\/\/[^\s<>"')\]]+/g) ?? []
  const links = [...hrefs.map((href) => href.replaceAll('&amp;', '&')), ...plain].filter((link) =>
    /^(?:https?|mailto):/i.test(link),
  )
  return [...new Set(links)]
}
