import { connect } from '@posthorn/db'
import { createRelays, startDelivery } from '@posthorn/sending'

// A worker in a process of its own, which dies as by `kill -9` when an email passes a step:
// node mortal-worker.ts <database URL> <SMTP URL> [<step> <the nth email that passes it, or the id of an email>]
const [databaseUrl = '', smtpUrl = '', deadly, which = ''] = process.argv.slice(2)
const { db, openClient } = connect(databaseUrl, { applicationName: 'mortal worker' })
const passed = new Set<string>()

startDelivery({
  db,
  relays: createRelays([smtpUrl]),
  captures: false,
  async listen() {
    const client = openClient()
    await client.connect()
    return client
  },
  onFault: (error) => console.error(error),
  onStep(step, emailId) {
    if (step !== deadly) return
    passed.add(emailId)
    if (which === emailId || which === String(passed.size)) process.kill(process.pid, 'SIGKILL')
  },
})
