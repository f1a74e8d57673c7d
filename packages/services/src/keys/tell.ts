import type { OVERLAPS } from '@posthorn/contracts'
import type { Context } from '../context.ts'
import { sendProductMail } from '../product-mail.ts'

interface Replaced {
  name: string
  /** Of the key that was replaced; the new one is for nobody’s mailbox. */
  hint: string
  overlap: keyof typeof OVERLAPS
}

const OLD_KEY: Record<keyof typeof OVERLAPS, string> = {
  now: 'has stopped working',
  '1h': 'stops working in an hour',
  '24h': 'stops working in 24 hours',
  '7d': 'stops working in 7 days',
}

/** Tells those who answer for the project that a key was replaced: whatever still uses the old one is about to stop. */
export async function tellOfNewKey(ctx: Context, { name, hint, overlap }: Replaced): Promise<void> {
  const { projectId } = ctx.actor
  const people = await ctx.db
    .selectFrom('members')
    .innerJoin('auth.users', 'auth.users.id', 'user_id')
    .innerJoin('projects', 'projects.id', 'project_id')
    .select(['email', 'auth.users.name', 'projects.name as project'])
    .where('project_id', '=', projectId)
    .where('role', 'in', ['owner', 'admin'])
    .execute()
  for (const { email, name: to, project } of people) {
    await sendProductMail(
      ctx,
      { email, name: to },
      {
        subject: `A key of ${project} was replaced`,
        heading: `A key of ${project} was replaced`,
        paragraphs: [
          `${whoOf(ctx)} replaced the key “${name}” (${hint}). The old key ${OLD_KEY[overlap]}.`,
          'Whatever sends with the old key needs the new one.',
        ],
        action: { label: 'See the keys', url: `${ctx.runtime.publicUrl}/p/${projectId}/settings/keys` },
      },
    )
  }
}

function whoOf({ actor }: Context): string {
  if (actor.kind === 'user') return actor.person.name
  return actor.kind === 'key' ? `The key “${actor.keyName}”` : 'The operator'
}
