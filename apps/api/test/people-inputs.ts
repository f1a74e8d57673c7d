import type { NamedPeopleOperation, PeopleNoun, PeopleVerb, WirePeopleInput } from '@posthorn/contracts'
import { hashToken, newId, newToken } from '@posthorn/services'
import { sql } from 'kysely'
import type { TestApi } from './start-test-api.ts'

/** One of everything that people can name in their calls. */
export interface PeopleRows {
  projectName: string
  /** A member whose role can be changed. */
  memberId: string
  invitationId: string
  /** Of an invitation to another project, for whoever calls. */
  token: string
  /** A session of whoever calls, other than the one they call with. */
  sessionId: string
  /** A link of whoever calls to a provider. */
  providerId: string
  /** Whose audit log is all that is left. */
  deletedProjectId: string
}

/** For each operation of people the least that it takes, with every id that it can take. */
const INPUTS: { [N in PeopleNoun]: { [V in PeopleVerb<N>]: (rows: PeopleRows) => WirePeopleInput<N, V> } } = {
  account: {
    options: () => ({}),
    get: () => ({}),
    sessions: () => ({}),
    providers: () => ({}),
    removePassword: () => ({}),
    unlinkProvider: ({ providerId }) => ({ id: providerId }),
    activity: () => ({}),
    endSession: ({ sessionId }) => ({ id: sessionId }),
    endOtherSessions: () => ({}),
  },
  projects: {
    list: () => ({}),
    create: () => ({ name: 'Another' }),
    delete: ({ projectName }) => ({ confirm: projectName }),
  },
  members: {
    list: () => ({}),
    invite: () => ({ email: 'new@example.com', role: 'member' }),
    resendInvitation: ({ invitationId }) => ({ id: invitationId }),
    revokeInvitation: ({ invitationId }) => ({ id: invitationId }),
    changeRole: ({ memberId }) => ({ userId: memberId, role: 'admin' }),
    remove: ({ memberId }) => ({ userId: memberId }),
    leave: () => ({}),
  },
  invitations: {
    get: ({ token }) => ({ token }),
    accept: ({ token }) => ({ token }),
  },
  instance: {
    get: () => ({}),
    health: () => ({}),
    projects: () => ({}),
    users: () => ({}),
    deletedProjects: () => ({}),
    deletedProject: ({ deletedProjectId }) => ({ projectId: deletedProjectId }),
    auditOf: ({ deletedProjectId }) => ({ projectId: deletedProjectId }),
    exportAuditOf: ({ deletedProjectId }) => ({ projectId: deletedProjectId }),
  },
}

export function peopleInputOf({ noun, verb }: NamedPeopleOperation, rows: PeopleRows): Record<string, unknown> {
  // Safe because the type of INPUTS has each operation.
  const byVerb = INPUTS[noun] as unknown as Record<string, (rows: PeopleRows) => Record<string, unknown>>
  return (byVerb[verb] as (typeof byVerb)[string])(rows)
}

/** Makes what people can name, for somebody who calls about a project. */
export async function seedPeople(
  { db, newProject }: TestApi,
  { projectId, userId, email }: { projectId: string; userId: string; email: string },
): Promise<PeopleRows> {
  const { project: elsewhere } = await newProject()
  const token = newToken()
  const invitationId = newId()
  const invitations = [
    { project_id: projectId, id: invitationId, email: 'guest@example.com', token_hash: hashToken(newToken()) },
    { project_id: elsewhere.id, id: newId(), email, token_hash: hashToken(token) },
  ]
  await db
    .insertInto('invitations')
    .values(
      invitations.map((row) => ({
        ...row,
        role: 'member',
        invited_by: null,
        expires_at: sql<Date>`now() + interval '1 day'`,
      })),
    )
    .execute()
  const memberId = newId()
  const { name: projectName } = await db
    .selectFrom('projects')
    .select('name')
    .where('id', '=', projectId)
    .executeTakeFirstOrThrow()
  await db
    .insertInto('auth.users')
    .values({ id: memberId, name: 'Mia', email: `mia-${memberId}@example.com`, email_verified: true, image: null })
    .execute()
  await db.insertInto('members').values({ project_id: projectId, user_id: memberId, role: 'viewer' }).execute()
  const sessionId = newId()
  const session = { user_id: userId, token: newToken(), expires_at: sql<Date>`now() + interval '1 day'` }
  await db
    .insertInto('auth.sessions')
    .values({ id: sessionId, ...session, ip_address: null, user_agent: null, updated_at: sql<Date>`now()` })
    .execute()
  const deletedProjectId = newId()
  const kept = { audit_kept_until: sql<Date>`now() + interval '400 days'` }
  await db
    .insertInto('deleted_projects')
    .values({ project_id: deletedProjectId, id: newId(), name: 'Gone', ...kept })
    .execute()
  const providerId = newId()
  const link = { user_id: userId, account_id: providerId, provider_id: 'oidc', id_token: null, password: null }
  await db
    .insertInto('auth.accounts')
    .values({ id: providerId, ...link, updated_at: sql<Date>`now()` })
    .execute()
  await sql`
    insert into auth.passkeys (user_id, public_key, credential_id, counter, device_type, backed_up)
    values (${userId}, 'a key', ${providerId}, 0, 'singleDevice', false)
  `.execute(db)
  return { projectName, memberId, invitationId, token, sessionId, providerId, deletedProjectId }
}

/** The same, of people and invitations that are not there. */
export const missingPeople = (): PeopleRows => ({
  projectName: 'Nothing',
  memberId: newId(),
  invitationId: newId(),
  token: newToken(),
  sessionId: newId(),
  providerId: newId(),
  deletedProjectId: newId(),
})
