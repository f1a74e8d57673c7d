import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Who is signed in at the provider. */
export interface Claims {
  sub: string
  email: string
  email_verified: boolean
  name: string
}

export interface OidcProvider {
  issuer: string
  clientId: string
  clientSecret: string
  /** What the next sign-in there says. */
  person: Claims
  /** Agrees on the provider’s page, and answers the address that it sends the browser back to. */
  agree(authorizationUrl: string): string
  stop(): Promise<void>
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * A small provider of OpenID Connect (discovery, authorization code with PKCE, signed id token). Whoever comes to its page
 * agrees at once.
 */
export async function startOidcProvider(): Promise<OidcProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const codes = new Map<string, { person: Claims; nonce: string | null; challenge: string | null }>()
  const client = { clientId: 'posthorn', clientSecret: 'the secret of the client' }

  const idToken = ({ person, nonce }: { person: Claims; nonce: string | null }) => {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: provider.issuer,
      aud: client.clientId,
      iat: now,
      exp: now + 300,
      ...person,
      ...(nonce && { nonce }),
    }
    const signed = `${encoded({ alg: 'RS256', kid: '1', typ: 'JWT' })}.${encoded(claims)}`
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`
  }

  const token = (form: URLSearchParams) => {
    const found = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (found === undefined || found.challenge !== challenge) return undefined
    return { access_token: encoded(found.person), token_type: 'Bearer', expires_in: 300, id_token: idToken(found) }
  }

  const server = createServer((req, res) => {
    const answer = (body: object | undefined) => {
      res.writeHead(body === undefined ? 400 : 200, { 'Content-Type': 'application/json' })
      res.end(JSON.stringify(body ?? { error: 'invalid_grant' }))
    }
    const { issuer } = provider
    switch (req.url?.split('?')[0]) {
      case '/authorize':
        return void res.writeHead(302, { Location: provider.agree(`${issuer}${req.url}`) }).end()
      case '/.well-known/openid-configuration':
        return answer({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/jwks`,
          id_token_signing_alg_values_supported: ['RS256'],
        })
      case '/jwks':
        return answer({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256', use: 'sig' }] })
      case '/userinfo':
        return answer(
          JSON.parse(Buffer.from((req.headers.authorization ?? '').slice(7), 'base64url').toString()) as object,
        )
      default: {
        let body = ''
        req.on('data', (chunk: Buffer) => (body += chunk.toString()))
        req.on('end', () => answer(token(new URLSearchParams(body))))
      }
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // Safe because it listens on TCP.

  const provider: OidcProvider = {
    issuer: `http://127.0.0.1:${port}`,
    ...client,
    person: { sub: '1', email: 'ada@example.com', email_verified: true, name: 'Ada' },
    agree(authorizationUrl) {
      const { searchParams } = new URL(authorizationUrl)
      const code = `code-${codes.size}-${Math.random()}`
      codes.set(code, {
        person: { ...provider.person },
        nonce: searchParams.get('nonce'),
        challenge: searchParams.get('code_challenge'),
      })
      const back = new URL(searchParams.get('redirect_uri') ?? '')
      back.searchParams.set('code', code)
      back.searchParams.set('state', searchParams.get('state') ?? '')
      return back.href
    },
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return provider
}
