import { postpone, withdraw } from '@posthorn/outbox'
import { sql } from 'kysely'
import { auditPerson } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction, type Context } from '../context.ts'
import { exportOf } from '../exports/exports.ts'
import type { Handlers } from '../handlers.ts'
import { retryNow, sendAgain } from './again.ts'
import { presentAttempt } from './attempts.ts'
import { listEmails } from './list.ts'
import { getContent, getEmail, present } from './read.ts'
import { notWaiting } from './refusals.ts'
import { requireSchedule, send, sendBatch } from './send.ts'
import { getAttachment, getSource } from './source.ts'

export const emails: Handlers<'emails'> = {
  send,
  sendBatch,
  sendAgain,
  retryNow,
  source: getSource,
  attachment: getAttachment,

  async get(ctx, { id }) {
    const row = await getEmail(ctx, id)
    const replyTo = row.reply_to_email === null ? null : { email: row.reply_to_email, name: row.reply_to_name }
    return { ...present(row), replyTo, ...(await getContent(ctx, row.content_id)) }
  },

  list: listEmails,
  export: exportOf({ noun: 'emails', list: listEmails }),

  cancel: (ctx, { id }) =>
    inTransaction(ctx, async (ctx) => {
      const { outcome } = await getEmail(ctx, id)
      if (outcome !== 'cancelled') {
        if (!(await withdraw(ctx.db, ctx.actor.projectId, id))) throw notWaiting(outcome)
        await end(ctx, id, 'Cancelled on request.')
        await auditPerson(ctx, { action: 'email.cancelled', target: id })
        await announce(ctx.db, ctx.actor.projectId, 'emails')
      }
      return present(await getEmail(ctx, id))
    }),

  reschedule: (ctx, { id, scheduledAt }) =>
    inTransaction(ctx, async (ctx) => {
      const dueAt = requireSchedule(scheduledAt)
      const { outcome } = await getEmail(ctx, id)
      if (!(await postpone(ctx.db, ctx.actor.projectId, { emailId: id, dueAt }))) throw notWaiting(outcome)
      await ctx.db
        .updateTable('emails')
        .set({ scheduled_at: dueAt })
        .where('project_id', '=', ctx.actor.projectId)
        .where('id', '=', id)
        .execute()
      const detail = { scheduledAt: dueAt.toISOString() }
      await auditPerson(ctx, { action: 'email.rescheduled', target: id, detail })
      await announce(ctx.db, ctx.actor.projectId, 'emails')
      return present(await getEmail(ctx, id))
    }),

  async attempts(ctx, { id }) {
    await getEmail(ctx, id)
    const rows = await ctx.db
      .selectFrom('email_attempts')
      .selectAll()
      .where('project_id', '=', ctx.actor.projectId)
      .where('email_id', '=', id)
      .orderBy('number')
      .execute()
    return { data: rows.map(presentAttempt) }
  },
}

async function end({ db, actor }: Context, id: string, reason: string): Promise<void> {
  await db
    .updateTable('emails')
    .set({
      outcome: 'cancelled',
      reason,
      ended_at: sql<Date>`now()`,
      // The count stood in the outbox, whose row is gone.
      attempts: sql<number>`(select coalesce(max(number), 0) from email_attempts
        where project_id = ${actor.projectId} and email_id = ${id})`,
    })
    .where('project_id', '=', actor.projectId)
    .where('id', '=', id)
    .execute()
}
