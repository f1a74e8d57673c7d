import { compose } from '@posthorn/sending/compose'
import { ComposeError } from '@posthorn/sending/compose-headers'
import { loadAttachments, loadEmails } from '@posthorn/sending/delivery/load'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { getEmail } from './read.ts'
import { noAttachment } from './refusals.ts'

/** The message of an email: what the inbox caught, or else what a worker would make of the email now. */
export async function getSource(ctx: Context, { id }: { id: string }) {
  const { db, actor } = ctx
  const email = await getEmail(ctx, id)
  const caught = email.captured ? await caughtSource(ctx, id) : undefined
  if (caught !== undefined) return { id, from: 'inbox' as const, source: caught.toString('latin1') }
  const loaded = (await loadEmails(db, actor.projectId, [id])).get(id)
  if (loaded === undefined) throw notComposable('its content is not kept any more')
  const attachments = await loadAttachments(db, actor.projectId, email.content_id)
  try {
    return { id, from: 'email' as const, source: compose({ ...loaded, attachments }).toString('latin1') }
  } catch (error) {
    throw error instanceof ComposeError ? notComposable(error.message) : error
  }
}

const notComposable = (why: string) =>
  new ApiError('EMAIL_NOT_COMPOSABLE', `No message can be made of this email: ${why}.`)

async function caughtSource({ db, actor }: Context, emailId: string): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('inbox_messages')
    .select('source')
    .where('project_id', '=', actor.projectId)
    .where('email_id', '=', emailId)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row?.source
}

/** One attachment of an email with its bytes. */
export async function getAttachment(ctx: Context, { id, place }: { id: string; place: number }) {
  const { content_id } = await getEmail(ctx, id)
  const row = await ctx.db
    .selectFrom('email_attachments')
    .select(['filename', 'content_type', 'size_bytes', 'inline_id', 'disposition', 'content'])
    .where('project_id', '=', ctx.actor.projectId)
    .where('content_id', '=', content_id)
    .orderBy('position')
    .offset(place)
    .executeTakeFirst()
  if (row === undefined) throw noAttachment()
  return {
    filename: row.filename,
    contentType: row.content_type,
    sizeBytes: row.size_bytes,
    contentId: row.inline_id,
    disposition: row.disposition,
    content: row.content.toString('base64'),
  }
}
