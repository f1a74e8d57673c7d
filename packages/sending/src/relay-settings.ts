import type { ConnectionOptions } from 'node:tls'
import { parseRelayUrl, type RelayUrl } from '@posthorn/settings/relay-url'

export interface RelayTimeouts {
  /** Until the TCP connection stands, and with `smtps://` the TLS one too. */
  connectMs: number
  greetingMs: number
  /** For the reply to any command. */
  commandMs: number
  /** For a piece of 64 KB of the message to be written. */
  blockMs: number
  /** For the reply to the final dot. */
  finalMs: number
}

export interface RelaySettings extends RelayUrl {
  timeouts: RelayTimeouts
  /** How long to leave a relay alone after trouble: the first time, and at most. */
  pause: { minMs: number; maxMs: number }
  /** Further options of the TLS connection, such as `ca`. */
  tlsOptions: ConnectionOptions
}

export interface RelayOptions {
  timeouts?: Partial<RelayTimeouts>
  pause?: Partial<RelaySettings['pause']>
  tlsOptions?: ConnectionOptions
}

/** Near RFC 5321, section 4.5.3.2; connecting and greeting are shorter, since nothing is lost by trying again. */
const TIMEOUTS: RelayTimeouts = {
  connectMs: 30_000,
  greetingMs: 30_000,
  commandMs: 5 * 60_000,
  blockMs: 3 * 60_000,
  finalMs: 10 * 60_000,
}

/** What an SMTP URL says of a relay, and how we go about it. Throws one sentence where the URL makes no sense. */
export function relaySettings(url: string, options: RelayOptions = {}): RelaySettings {
  return {
    ...parseRelayUrl(url),
    timeouts: { ...TIMEOUTS, ...options.timeouts },
    pause: { minMs: 1000, maxMs: 60_000, ...options.pause },
    tlsOptions: options.tlsOptions ?? {},
  }
}
