import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { HealthCheck } from './check.ts'

const TIMEOUT_MS = 5_000
const LONGEST_GREETING = 1_000

/** Whether a relay can be reached and greets as a mail server does. Nothing is sent, and nobody logs in. */
export async function checkRelay(smtpUrl: string): Promise<HealthCheck> {
  const { relay, implicitTls, ...address } = readUrl(smtpUrl)
  const name = 'smtp'
  const socket = implicitTls ? connectTls(address) : connectPlain(address)
  try {
    const greeting = await readGreeting(socket)
    if (greeting.startsWith('220')) return { name, status: 'ok', message: `${relay} answers.` }
    const advice = 'Wait if it is busy; otherwise check the host and the port in SMTP_URL.'
    return { name, status: 'wrong', message: `${relay} does not take mail: ${greeting}`, advice }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const advice = 'Check the host and the port in SMTP_URL, and whether a firewall is in the way.'
    return { name, status: 'wrong', message: `${relay} cannot be reached (${reason}).`, advice }
  } finally {
    socket.destroy()
  }
}

/** The URL may hold a password, so that no more of it than host and port is ever shown. */
function readUrl(smtpUrl: string) {
  const url = new URL(smtpUrl)
  const implicitTls = url.protocol === 'smtps:'
  const port = url.port === '' ? (implicitTls ? 465 : 587) : Number(url.port)
  const host = url.hostname.replaceAll(/[[\]]/g, '')
  return {
    relay: `${url.hostname}:${port}`,
    implicitTls,
    host,
    port,
    ...(isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: url.searchParams.get('verify') !== 'no',
  }
}

function readGreeting(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.setEncoding('latin1')
    socket.setTimeout(TIMEOUT_MS, () => reject(new Error(`no greeting within ${TIMEOUT_MS / 1000} s`)))
    socket.on('error', reject)
    socket.on('end', () => reject(new Error('it hung up without a greeting')))
    socket.on('data', (chunk: string) => {
      text += chunk
      const [line, ...rest] = text.split(/\r?\n/)
      if (rest.length === 0 && text.length < LONGEST_GREETING) return
      // Courteous servers log a client that leaves without it.
      socket.end('QUIT\r\n')
      resolve((line ?? '').slice(0, LONGEST_GREETING).replaceAll(/[^\x20-\x7e]/g, ' '))
    })
  })
}
