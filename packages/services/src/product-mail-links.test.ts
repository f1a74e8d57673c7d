import { compose } from '@posthorn/sending/compose'
import { loadEmails } from '@posthorn/sending/delivery/load'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { mailedToken, testMember, testPerson, type TestPerson } from '../test/people.ts'
import { newId } from './ids.ts'
import { forgetAccountTraces } from './people/forget.ts'
import { ownProject } from './people/own-project.ts'
import { newToken } from './people/tokens.ts'
import { blankEndedLinks } from './product-mail-links.ts'
import { sendProductMail } from './product-mail.ts'

let instance: TestInstance
let own: Pick<TestProject, 'call'> & { id: string }
let project: TestProject
let owner: TestPerson

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project('Acme')
  owner = await testMember(instance, project.id, 'owner')
  const id = await ownProject(instance.db)
  own = { id, ...instance.through(instance.runtime, { id }) }
})

afterAll(() => instance.close())

/** A mail with a link that lives for an hour. */
async function mailLink(name = 'Ada'): Promise<{ id: string; token: string; verification: string }> {
  const [token, verification, email] = [newToken(), `verification ${newId()}`, `${newId()}@example.com`]
  await sql`insert into auth.verifications (identifier, value, expires_at)
    values (${verification}, 'x', now() + interval '1 hour')`.execute(instance.db)
  await sendProductMail(
    instance,
    { email },
    {
      subject: 'A link',
      heading: `For ${name}`,
      paragraphs: [name.repeat(40)],
      action: { label: 'Go', url: `https://mail.example.com/reset-password#token=${token}`, livesBy: { verification } },
    },
  )
  return { id: await idOf(email), token, verification }
}

const idOf = async (email: string) =>
  (await instance.db.selectFrom('emails').select('id').where('to_email', '=', email).executeTakeFirstOrThrow()).id

/** What a worker makes of the mail now. */
async function composed(id: string): Promise<Buffer> {
  const loaded = (await loadEmails(instance.db, own.id, [id])).get(id)
  return compose({ ...loaded!, attachments: [] })
}

/** Keeps a message as the built-in inbox does, and notes its delivery as a worker does. */
async function arrive(id: string, source: Buffer): Promise<void> {
  await sql`
    insert into inbox_messages (project_id, id, email_id, envelope_from, envelope_to, subject, size_bytes, source)
    values (${own.id}, ${newId()}, ${id}, '', '{}', 'A link', ${source.length}, ${source})
  `.execute(instance.db)
  await sql`update emails set outcome = 'sent' where project_id = ${own.id} and id = ${id}`.execute(instance.db)
}

/** All that can be read of the mail, in whichever way. */
async function everythingOf(id: string): Promise<string> {
  const email = await own.call(['emails', 'get'], { id })
  const source = await own.call(['emails', 'source'], { id })
  const { data } = await own.call(['inbox', 'list'], { emailId: id })
  const caught = await Promise.all(data.map((message) => own.call(['inbox', 'get'], { id: message.id })))
  return JSON.stringify([email, source, caught]).replaceAll('=\\r\\n', '')
}

const expire = (verification: string) =>
  sql`update auth.verifications set expires_at = now() where identifier = ${verification}`.execute(instance.db)

describe('a link in a mail of Posthorn’s own', () => {
  test.each(['Ada', '郵便屋さん'])('of %s can be read while it works, and no more once it is over', async (name) => {
    const { id, token, verification } = await mailLink(name)
    await arrive(id, await composed(id))
    await forgetAccountTraces(instance.db)
    expect((await everythingOf(id)).split(token).length).toBeGreaterThan(4)
    await expire(verification)
    await forgetAccountTraces(instance.db)
    const rest = await everythingOf(id)
    expect(rest).not.toContain(token)
    expect(rest).toContain('https://mail.example.com/reset-password#token=over')
    expect(rest).toContain(`For ${name}`)
  })

  test('is blanked in a copy that arrives after its end, too', async () => {
    const { id, token, verification } = await mailLink()
    const underWay = await composed(id)
    await expire(verification)
    await blankEndedLinks(instance.db)
    await arrive(id, underWay)
    expect(await everythingOf(id)).toContain(token)
    await blankEndedLinks(instance.db)
    expect(await everythingOf(id)).not.toContain(token)
    expect(await instance.db.selectFrom('mailed_links').where('email_id', '=', id).selectAll().execute()).toEqual([])
  })

  test('is blanked however many end at once', async () => {
    await sql`
      insert into mailed_links (project_id, email_id, verification)
      select ${own.id}, uuidv7(), 'gone' from generate_series(1, 230)
    `.execute(instance.db)
    // Behind all others, which take several steps.
    const mails = [await mailLink(), await mailLink()]
    for (const { verification } of mails) await expire(verification)
    await blankEndedLinks(instance.db)
    for (const { id, token } of mails) expect(await everythingOf(id)).not.toContain(token)
  })

  test('cannot be had once more by sending the mail again', async () => {
    const { id } = await mailLink()
    await expect(own.call(['emails', 'sendAgain'], { id })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  })
})

describe('the link of an invitation is blanked at once', () => {
  async function invited() {
    const guest = await testPerson(instance)
    const { id } = await owner.call(['members', 'invite'], { email: guest.email, role: 'member' }, project.id)
    const token = await mailedToken(instance, guest.email)
    return { guest, id, token, emailId: await idOf(guest.email) }
  }
  type Invited = Awaited<ReturnType<typeof invited>>

  const ENDS: [how: string, end: (invitation: Invited) => Promise<unknown>][] = [
    ['accepted', ({ guest, token }) => guest.call(['invitations', 'accept'], { token })],
    ['taken back', ({ id }) => owner.call(['members', 'revokeInvitation'], { id }, project.id)],
    ['sent again', ({ id }) => owner.call(['members', 'resendInvitation'], { id }, project.id)],
    ['replaced', ({ guest }) => owner.call(['members', 'invite'], { email: guest.email, role: 'viewer' }, project.id)],
  ]

  test.each(ENDS)('when it is %s', async (_how, end) => {
    const invitation = await invited()
    const other = await invited()
    await end(invitation)
    expect(await everythingOf(invitation.emailId)).not.toContain(invitation.token)
    expect(await everythingOf(other.emailId)).toContain(other.token)
  })
})
