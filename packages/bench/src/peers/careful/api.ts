import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { endWithParent, peerConfiguration } from '../configuration.ts'
import { Event, ListQuery, Mail, MailBatch } from '../schema.ts'
import { answerErrors, requireKey, webApplication } from '../web.ts'
import { acceptMail, inTransaction } from './accept.ts'
import { listContacts } from './contacts.ts'
import { storeEvent } from './track.ts'

const { databaseUrl, port } = peerConfiguration()
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 })
// Connections of its own: on the pool it would wait for transactions that wait for it.
const boss = new PgBoss({ connectionString: databaseUrl, max: 1, supervise: false, schedule: false, migrate: false })
boss.on('error', (error) => console.error(error))
await boss.start()

async function projectOfKey(keyHash: string) {
  const found = await pool.query<{ project_id: string }>({
    name: 'find-key',
    text: 'select project_id from api_keys where key_hash = $1',
    values: [keyHash],
  })
  return found.rows[0]?.project_id
}

const app = webApplication()
app.post('/v1/send', requireKey(projectOfKey), async (request, response) => {
  const mail = Mail.parse(request.body)
  const email = await inTransaction(pool, (client) =>
    acceptMail({ client, boss, projectId: response.locals.projectId }, mail),
  )
  response.json({ success: true, emails: [email], timestamp: new Date().toISOString() })
})
app.post('/v1/send/batch', requireKey(projectOfKey), async (request, response) => {
  const { emails } = MailBatch.parse(request.body)
  const accepted = await inTransaction(pool, async (client) => {
    const receipts = []
    for (const mail of emails) {
      receipts.push(await acceptMail({ client, boss, projectId: response.locals.projectId }, mail))
    }
    return receipts
  })
  response.json({ success: true, emails: accepted, timestamp: new Date().toISOString() })
})
app.post('/v1/track', requireKey(projectOfKey), async (request, response) => {
  const event = Event.parse(request.body)
  const { projectId } = response.locals
  response.json({ success: true, ...(await inTransaction(pool, (client) => storeEvent({ client, projectId }, event))) })
})
app.get('/v1/contacts', requireKey(projectOfKey), async (request, response) => {
  response.json(await listContacts(pool, response.locals.projectId, ListQuery.parse(request.query)))
})
app.use(answerErrors)

const server = app.listen(port, '127.0.0.1')
endWithParent(async () => {
  server.closeAllConnections()
  await boss.stop({ graceful: false })
  await pool.end()
})
