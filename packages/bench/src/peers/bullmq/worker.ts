import { endWithParent, peerConfiguration } from '../configuration.ts'
import { createMailer } from '../mailer.ts'
import { loadModules, queueName } from './modules.ts'

const { redisPort, modulesFolder, smtpPort } = peerConfiguration()
const { Worker } = loadModules(modulesFolder)
const mailer = createMailer(smtpPort)
const worker = new Worker(queueName, (job) => mailer.send(job.data), {
  connection: { host: '127.0.0.1', port: redisPort },
  concurrency: 50,
})
worker.on('error', (error) => console.error(error))
endWithParent(async () => {
  await worker.close(true)
  mailer.close()
})
