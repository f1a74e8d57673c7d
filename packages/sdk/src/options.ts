export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface PosthornOptions {
  /** A secret key (`sk_…`) on a server, a public key (`pk_…`) in a browser. May come from the environment, but not be missing. */
  apiKey: string | undefined
  /** Where your Posthorn is, such as `https://mail.example.com`. */
  baseUrl: string | undefined
  /** How often a call is made again when that is safe and may help. Default: 2. */
  maxRetries?: number | undefined
  /** How long each attempt may take. Default: 30 seconds. */
  timeoutMs?: number | undefined
  /** Used instead of the global `fetch`. */
  fetch?: Fetch | undefined
  /** Lets a secret key into a browser, where everybody who opens the page can take it and send mail as you. */
  dangerouslyAllowBrowser?: boolean | undefined
}

/** What can be chosen for one call. */
export interface RequestOptions {
  /** Ends the call, its retries and its waiting; it rejects with the reason of the signal. */
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
  maxRetries?: number | undefined
}

/** What can be chosen for a call that has its effect once, however often it is made. */
export interface KeyedRequestOptions extends RequestOptions {
  /** Left out, each call gets a fresh key, which its retries share. */
  idempotencyKey?: string | undefined
}

export interface Settings {
  apiKey: string
  baseUrl: string
  maxRetries: number
  timeoutMs: number
  fetch: Fetch
}

const LONGEST_TIMER_MS = 2_147_483_647

// No message repeats the key: messages end up in logs.
export function readOptions(options: PosthornOptions = { apiKey: undefined, baseUrl: undefined }): Settings {
  const { apiKey, baseUrl, maxRetries = 2, timeoutMs = 30_000, fetch, dangerouslyAllowBrowser = false } = options
  if (typeof apiKey !== 'string' || apiKey === '') {
    throw new TypeError('Posthorn needs an apiKey: new Posthorn({ apiKey, baseUrl }).')
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError('The apiKey holds blanks, line breaks or characters that no key has.')
  }
  if (apiKey.startsWith('sk_') && isBrowser() && !dangerouslyAllowBrowser) {
    throw new TypeError(
      'A secret key (sk_…) does not belong in a browser, where everybody can read it. Use a public key (pk_…), or call Posthorn from your server.',
    )
  }
  if (fetch === undefined && typeof globalThis.fetch !== 'function') {
    throw new TypeError('There is no global fetch here. Use Node 18 or newer, or give one: new Posthorn({ fetch }).')
  }
  requireLimits({ maxRetries, timeoutMs })
  return {
    apiKey,
    baseUrl: readBaseUrl(baseUrl),
    maxRetries,
    timeoutMs,
    // Looked up at each call, so that whoever replaces the global one later is heard.
    fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
  }
}

export function requireLimits({ maxRetries, timeoutMs }: { maxRetries: number; timeoutMs: number }): void {
  if (!Number.isInteger(maxRetries) || maxRetries < 0) throw new TypeError('maxRetries must be a whole number from 0.')
  const fitsTimer = timeoutMs > 0 && (timeoutMs <= LONGEST_TIMER_MS || timeoutMs === Infinity)
  if (!fitsTimer) throw new TypeError('timeoutMs must be a positive number of milliseconds, or Infinity.')
}

function readBaseUrl(baseUrl: string | undefined): string {
  const hint = 'give the address of your server, such as https://mail.example.com'
  if (typeof baseUrl !== 'string' || baseUrl === '') throw new TypeError(`Posthorn needs a baseUrl: ${hint}.`)
  const url = parseUrl(baseUrl)
  if (url === undefined) throw new TypeError(`The baseUrl is not an http or https address: ${hint}.`)
  if (url.username !== '' || url.password !== '') throw new TypeError('The baseUrl must not hold a user or password.')
  // Operations bring their own `/v1`, and many clients are used to writing it here.
  return `${url.origin}${url.pathname.replace(/\/+(?:v1\/*)?$/, '')}`
}

function parseUrl(text: string): URL | undefined {
  try {
    const url = new URL(text)
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
  } catch {
    return undefined
  }
}

export function isBrowser(): boolean {
  const { window } = globalThis as { window?: { document?: unknown } }
  return window?.document !== undefined
}
