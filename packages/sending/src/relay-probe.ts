import { createPool } from './relay-pool.ts'
import { relaySettings, type RelayOptions, type RelaySettings } from './relay-settings.ts'
import type { Trouble } from './relay-trouble.ts'

/** How far one gets with a relay. Holds nothing secret of the URL. */
export interface ProbedRelay {
  isWell: boolean
  message: string
  /** What to do about it. */
  advice?: string
}

const PATIENCE_MS = 5_000
const TIMEOUTS = { connectMs: PATIENCE_MS, greetingMs: PATIENCE_MS, commandMs: PATIENCE_MS }

/**
 * Goes as far as a delivery goes before its first mail, in the same way: connects, begins TLS where the URL demands
 * it or the relay offers it, and logs in. Sends nothing. Each step has five seconds. Throws where the URL makes no sense.
 */
export async function probeRelay(url: string, options: RelayOptions = {}): Promise<ProbedRelay> {
  const settings = relaySettings(url, { timeouts: TIMEOUTS, ...options })
  const reached = await createPool(settings).connect(() => {})
  if ('trouble' in reached) return { isWell: false, ...explain(settings, reached.trouble) }
  await reached.session.quit()
  const login = settings.auth === undefined ? '' : ' and takes the login'
  return { isWell: true, message: `${settings.name} answers${login}.` }
}

function explain(settings: RelaySettings, trouble: Trouble): { message: string; advice: string } {
  const { stage, reason } = trouble
  const words = (trouble.reply ?? trouble.words).replace(/\.$/, '')
  const isAboutTls =
    reason === 'tls' || (stage === 'hello' && trouble.reply !== undefined && settings.tls === 'required')
  if (isAboutTls) return explainTls(settings, trouble)
  if (stage === 'auth' && reason !== 'timeout') {
    return {
      message: `${settings.name} refuses the login (${words}).`,
      advice: 'Check user and password in SMTP_URL; what is not a letter or digit is percent-encoded there.',
    }
  }
  if (trouble.reply !== undefined) {
    return {
      message: `${settings.name} does not take mail: ${words}`,
      advice: 'Wait if it is busy; otherwise check the host and the port in SMTP_URL.',
    }
  }
  const isSilent = reason === 'timeout' && stage !== 'connect' && !settings.implicitTls
  return {
    message: `${settings.name} cannot be reached (${words}).`,
    advice: isSilent
      ? 'Check the port in SMTP_URL: where TLS comes first, as on port 465, the URL begins with smtps://.'
      : 'Check the host and the port in SMTP_URL, and whether a firewall is in the way.',
  }
}

function explainTls({ name, implicitTls }: RelaySettings, trouble: Trouble): { message: string; advice: string } {
  if (trouble.reply !== undefined) {
    return {
      message: `${name} does not begin TLS, which SMTP_URL demands: ${trouble.reply}`,
      advice: 'Use the port for submission with TLS (587, or smtps:// and 465), or set tls=opportunistic or tls=off.',
    }
  }
  if (implicitTls && trouble.words.includes('wrong version number')) {
    return {
      message: `${name} does not speak TLS from the first byte, which smtps:// means.`,
      advice: 'Begin SMTP_URL with smtp://, or use the port for smtps://, which is 465 as a rule.',
    }
  }
  // What Node adds behind the semicolon is about its own command line.
  const [why] = trouble.words.split('; if the root CA')
  return {
    message: `The certificate of ${name} is not accepted (${why}).`,
    advice: 'Use the host name that the certificate is for, or add verify=no to take any.',
  }
}
