import { hkdfSync } from 'node:crypto'
import { callerOfSession, type Caller, type Runtime } from '@posthorn/services'
import { createAuth } from './auth.ts'
import { cookieNames, sessionTokenOf } from './cookies.ts'
import { accountMails } from './mails.ts'
import { isOpen } from './paths.ts'
import { providerList, type Providers } from './providers.ts'
import { hashSessionToken } from './storage.ts'

export { ADDRESS_HEADER } from './transport.ts'
export { providerList, type ProviderCredentials, type Providers } from './providers.ts'

export interface AccountsOptions {
  runtime: Runtime
  /** The master key of the instance. */
  secret: string
  providers?: Providers | undefined
  /** Told of faults that no caller is there to hear. */
  onFault(error: unknown): void
}

export interface Accounts {
  /** Answers a request to /auth; undefined where nothing is there. The transport has checked where it comes from. */
  handle(request: Request, path: string): Promise<Response> | undefined
  /** Whether a request carries a session at all, be it over or not. */
  hasSession(cookieHeader: string | undefined): boolean
  /** Who is signed in with these cookies, and for which project. Undefined where nobody is. */
  callerOf(cookieHeader: string | undefined, projectId: string | undefined): Promise<SignedIn | undefined>
  /** Waits for what no answer waited for. */
  close(): Promise<void>
}

type SignedIn = Extract<Caller, { kind: 'user' | 'person' }>

/** Opens the accounts of an instance: signing up, signing in, and whatever somebody does with their own account. */
export function createAccounts({ runtime, secret, providers = {}, onFault }: AccountsOptions): Accounts {
  const key = Buffer.from(hkdfSync('sha256', secret, 'posthorn', 'accounts', 32)).toString('base64url')
  const cookies = cookieNames(runtime.publicUrl)
  const underWay = new Set<Promise<unknown>>()
  const inBackground = (work: () => Promise<unknown>) => {
    const done = work().catch(onFault)
    underWay.add(done)
    void done.finally(() => underWay.delete(done))
  }
  const auth = createAuth({
    runtime,
    mails: accountMails(runtime),
    secret: key,
    providers,
    inBackground,
    onFault,
  })
  const providerIds = providerList(providers).map(({ id }) => id)
  const tokenOf = (header: string | undefined) => sessionTokenOf(header, cookies.session, key)
  return {
    handle: (request, path) =>
      isOpen(request.method, path, providerIds)
        ? auth.handler(request).then((answer) => blamed(answer, path))
        : undefined,
    hasSession: (header) => tokenOf(header) !== undefined,
    async callerOf(header, projectId) {
      const token = tokenOf(header)
      return token === undefined ? undefined : callerOfSession(runtime.db, hashSessionToken(token), projectId)
    },
    async close() {
      await Promise.all(underWay)
    },
  }
}

/** A passkey that makes no sense is a fault to the library; it is the client’s. */
function blamed(answer: Response, path: string): Response {
  if (answer.status !== 500 || path !== '/passkey/verify-registration') return answer
  const refusal = { code: 'FAILED_TO_VERIFY_REGISTRATION', message: 'This is not the answer of a passkey.' }
  return Response.json(refusal, { status: 400 })
}
