import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'
import type { RelaySettings } from './relay-settings.ts'

interface Wishes {
  useTls: boolean
  /** The TCP connection stands, and with `smtps://` the TLS one too. */
  connected: () => void
  /** Every reply, whole, before nodemailer acts on it. */
  reply: (text: string) => void
}

const SLICE_BYTES = 64 * 1024

/**
 * A connection that tells each step. nodemailer reports a lost connection with the same error wherever it happens,
 * but it logs what it hears as it hears it.
 */
export function connectionTo(settings: RelaySettings, { useTls, connected, reply }: Wishes): SMTPConnection {
  return new SMTPConnection({
    ...connectionOptions(settings, useTls),
    transactionLog: true,
    logger: observer({ connected, reply }),
  })
}

/** In pieces that are taken only as fast as the socket takes them: each one is a sign of life. */
export function slices(bytes: Buffer, on: { progress: () => void; end: () => void }): Readable {
  let at = 0
  const source = new Readable({
    read() {
      on.progress()
      this.push(bytes.subarray(at, at + SLICE_BYTES))
      at += SLICE_BYTES
      if (at >= bytes.length) this.push(null)
    },
  })
  source.once('end', on.end)
  return source
}

function observer(on: { connected: () => void; reply: (text: string) => void }) {
  const ignore = () => undefined
  return {
    trace: ignore,
    debug(entry: { tnx?: string }, text: string) {
      if (entry.tnx === 'server') on.reply(text)
    },
    info(entry: { tnx?: string; remotePort?: number }) {
      if (entry.tnx === 'network' && entry.remotePort !== undefined) on.connected()
    },
    warn: ignore,
    error: ignore,
    fatal: ignore,
  }
}

function connectionOptions(settings: RelaySettings, useTls: boolean): SMTPConnectionOptions {
  const { connectMs, greetingMs, commandMs, blockMs, finalMs } = settings.timeouts
  return {
    host: settings.host,
    port: settings.port,
    secure: settings.implicitTls,
    requireTLS: settings.tls === 'required' && !settings.implicitTls,
    ignoreTLS: settings.tls === 'off' || !useTls,
    opportunisticTLS: settings.tls === 'opportunistic',
    name: settings.helloName,
    tls: { rejectUnauthorized: settings.verifyCertificate, ...settings.tlsOptions },
    // The session's own timers come first; these only catch what they cannot see.
    connectionTimeout: connectMs + greetingMs + 2 * commandMs,
    greetingTimeout: greetingMs + 2 * commandMs,
    socketTimeout: 2 * Math.max(commandMs, blockMs, finalMs),
    socketCloseTimeout: 0,
  }
}
