import type { WireOutput } from '@posthorn/contracts'
import { invoke, newId, systemActor, type NewProject } from '@posthorn/services'
import { eventually } from './eventually.ts'
import { newProject, setUp } from './people.ts'
import type { Posthorn } from './start.ts'

/** One of everything that a project can have. */
export interface Scene extends NewProject {
  emailId: string
  messageId: string
  contactId: string
  templateId: string
  importId: string
  requestId: string
}

/** A project with one of everything, and the account that owns it. */
export async function setScene(posthorn: Posthorn, name = 'Acme'): Promise<Scene> {
  const made = await newProject(posthorn, name)
  const ctx = { ...posthorn, actor: systemActor(made.project.id), requestId: newId() }
  const tracked = await invoke(ctx, ['events', 'track'], {
    event: 'signed-up',
    email: 'ada@example.com',
    data: { plan: 'pro', seats: 3 },
  })
  await invoke(ctx, ['topics', 'create'], { id: 'weekly', name: 'Weekly digest', description: 'Every Monday' })
  await invoke(ctx, ['contacts', 'update'], { id: tracked.contact, topics: { weekly: true } })
  const { emails } = await invoke(ctx, ['emails', 'send'], {
    to: 'ada@example.com',
    subject: 'Welcome to Acme',
    body: '<h1>Welcome</h1><p>Your <a href="https://acme.example/start">workspace</a> is ready.</p>',
    tags: ['welcome'],
    attachments: [{ filename: 'terms.txt', contentType: 'text/plain', content: 'SGk=' }],
  })
  const template = await invoke(ctx, ['templates', 'create'], {
    name: 'Order shipped',
    type: 'TRANSACTIONAL',
    subject: 'Your order is on its way, {{ firstName | default: "friend" }}',
    body: '<h1>On its way</h1>\n<p>Plan: {{ plan }}</p>\n',
  })
  const body = {
    type: 'text/csv',
    filename: 'people.csv',
    chunks: ReadableStream.from([Buffer.from('E-Mail,Name,Seats\ngrace@example.com,Grace,3\n')]),
  }
  const uploaded = await invoke({ ...ctx, body }, ['imports', 'upload'], {})
  const emailId = emails[0]?.email ?? ''
  const [message, requestId] = await Promise.all([
    caught(posthorn, made.project.id, emailId),
    loggedRequest(posthorn, made),
    setUp(posthorn),
  ])
  return {
    ...made,
    emailId,
    messageId: message.id,
    contactId: tracked.contact,
    templateId: template.id,
    importId: uploaded.id,
    requestId,
  }
}

type Caught = WireOutput<'inbox', 'list'>['data'][number]

/** The message of an email, once the built-in inbox has it. */
export async function caught({ db, runtime }: Posthorn, projectId: string, emailId: string): Promise<Caught> {
  const ctx = { db, runtime, actor: systemActor(projectId), requestId: newId() }
  const find = async () => (await invoke(ctx, ['inbox', 'list'], { emailId })).data[0]
  return eventually(find, 'the message of an email')
}

/** A call by key that the log of requests has by now. */
async function loggedRequest({ url, db }: Posthorn, { project, secretKey }: NewProject): Promise<string> {
  await fetch(`${url}/v1/emails?limit=0`, { headers: { Authorization: `Bearer ${secretKey}` } })
  const find = async () =>
    (await db.selectFrom('api_requests').select('id').where('project_id', '=', project.id).executeTakeFirst())?.id
  return eventually(find, 'the call in the log of requests')
}
