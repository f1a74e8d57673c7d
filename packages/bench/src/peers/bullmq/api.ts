import { endWithParent, peerConfiguration } from '../configuration.ts'
import { Mail, MailBatch } from '../schema.ts'
import { answerErrors, requireKey, webApplication } from '../web.ts'
import { loadModules, queueName } from './modules.ts'

const { redisPort, modulesFolder, port } = peerConfiguration()
const connection = { host: '127.0.0.1', port: redisPort }
const { Queue, Redis } = loadModules(modulesFolder)
const redis = new Redis({ ...connection, enableAutoPipelining: true })
const queue = new Queue(queueName, {
  connection,
  defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: true },
})

const projectOfKey = async (keyHash: string) => (await redis.get(`key:${keyHash}`)) ?? undefined

const app = webApplication()
app.post('/v1/send', requireKey(projectOfKey), async (request, response) => {
  const mail = Mail.parse(request.body)
  const job = await queue.add('send', mail)
  response.json({ success: true, emails: [{ email: job.id }], timestamp: new Date().toISOString() })
})
app.post('/v1/send/batch', requireKey(projectOfKey), async (request, response) => {
  const { emails } = MailBatch.parse(request.body)
  const jobs = await queue.addBulk(emails.map((mail) => ({ name: 'send', data: mail })))
  response.json({
    success: true,
    emails: jobs.map((job) => ({ email: job.id })),
    timestamp: new Date().toISOString(),
  })
})
app.use(answerErrors)

const server = app.listen(port, '127.0.0.1')
endWithParent(async () => {
  server.closeAllConnections()
  await queue.close()
  redis.disconnect()
})
