import { ACTIVITY_TYPES, operations, type ActivityType, type Input, type Output } from '@posthorn/contracts'
import { STREAMS } from '@posthorn/outbox'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { getContact } from '../contacts/read.ts'
import { pageOf, readCursor } from '../cursor.ts'
import type { Handlers } from '../handlers.ts'
import { requireScope } from '../scope.ts'
import { idsOf } from '../search.ts'
import { SOURCES, type Bounds } from './sources.ts'

type Asked = Input<'activity', 'list'>
type Item = Output<'activity', 'list'>['data'][number]

/** What one has to be allowed to read by itself. */
const READS = {
  email: operations.emails.list,
  event: operations.events.list,
  contact: operations.contacts.list,
  consent: operations.contacts.consentLog,
  template: operations.templates.list,
  job: operations.jobs.list,
} as const satisfies Record<ActivityType, object>

const ABOUT_CONTACTS: ReadonlySet<ActivityType> = new Set(['email', 'event', 'contact', 'consent'])
const ABOUT_TEMPLATES: ReadonlySet<ActivityType> = new Set(['email', 'template'])

export const activity: Handlers<'activity'> = {
  async list(ctx, asked) {
    const { limit, cursor, contact = asked.contactId, template } = asked
    const { since = asked.startDate, until = asked.endDate } = asked
    const types = typesOf({ types: asked.types ?? (asked.type && [asked.type]), contact, template })
    for (const type of types) requireScope(ctx.actor, READS[type])
    const before = readCursor(cursor)
    const contactId = contact === undefined ? undefined : (await getContact(ctx, contact)).id
    if (types.length === 0) return { data: [], cursor: null, hasMore: false }
    const bounds = {
      projectId: ctx.actor.projectId,
      ...idsOf({ before, since, until }),
      limit: limit + 1,
      since,
      until,
      contactId,
      templateId: template,
    }
    return pageOf(await newest(ctx, types, bounds), limit, present)
  },
}

/** Each once, however often it is asked for. */
function typesOf({ types, contact, template }: Pick<Asked, 'types' | 'contact' | 'template'>): ActivityType[] {
  const all = Object.keys(ACTIVITY_TYPES) as ActivityType[] // Safe because these are its keys.
  return all.filter(
    (type) =>
      (types === undefined || types.includes(type)) &&
      (contact === undefined || ABOUT_CONTACTS.has(type)) &&
      (template === undefined || ABOUT_TEMPLATES.has(type)),
  )
}

interface Row {
  type: ActivityType
  id: string
  at: Date
  contact_id: string | null
  contact_email: string | null
  rest: Record<string, unknown>
}

/** The newest of all sources, each of which is read no further than the page is long. */
async function newest(
  { db, actor: { projectId } }: Context,
  types: readonly ActivityType[],
  bounds: Bounds,
): Promise<Row[]> {
  const parts = types.map(
    (type) => sql`select ${type} as type, part.* from (${SOURCES[type](bounds)}) part (id, at, contact_id, rest)`,
  )
  const { rows } = await sql<Row>`
    select feed.*, contacts.email as contact_email
    from (
      ${sql.join(parts, sql` union all `)}
      order by id desc limit ${bounds.limit}
    ) feed left join contacts on contacts.project_id = ${projectId} and contacts.id = feed.contact_id
    order by feed.id desc
  `.execute(db)
  return rows
}

const STREAM_NAMES = Object.keys(STREAMS) as (keyof typeof STREAMS)[] // Safe because these are its keys.

const momentOf = (text: unknown) => (typeof text === 'string' ? new Date(text) : null)

function present({ type, id, at, contact_id, contact_email, rest }: Row): Item {
  const contact = { contactId: contact_id, contactEmail: contact_email }
  const more = {
    email: () => ({
      ...contact,
      ...rest,
      stream: STREAM_NAMES.find((name) => STREAMS[name] === rest['stream']) ?? 'transactional',
      endedAt: momentOf(rest['endedAt']),
    }),
    event: () => ({ ...contact, ...rest }),
    contact: () => ({ ...contact, ...rest }),
    consent: () => ({ ...contact, ...rest }),
    template: () => rest,
    job: () => ({ ...rest, finishedAt: momentOf(rest['finishedAt']) }),
  }[type]()
  return { type, id, at, ...more } as Item // Safe because each source has the fields of its type.
}
