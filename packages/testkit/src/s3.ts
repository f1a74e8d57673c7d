import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface TestBucket {
  /** What a client is told. */
  options: { endpoint: string; bucket: string; region: string; accessKeyId: string; secretAccessKey: string }
  objects: Map<string, { bytes: Buffer; contentType: string | undefined }>
  /** `PUT key`, `GET key` and so on, in the order in which they came. */
  requests: string[]
  /** Answers the next request of this method with a status, and does nothing. */
  failNext(method: string, status: number): void
  close(): Promise<void>
}

/** A server that speaks S3 as far as objects go: it checks every signature (AWS Signature Version 4) and every hash. */
export async function testBucket(): Promise<TestBucket> {
  const objects: TestBucket['objects'] = new Map()
  const requests: string[] = []
  const failures: { method: string; status: number }[] = []
  const server = createServer((req, res) => void serve(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const options = {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: 'pictures',
    region: 'eu-test-1',
    accessKeyId: 'AKTEST',
    secretAccessKey: 'a secret that signs',
  }

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await buffer(req)
    const { method = 'GET', url = '/' } = req
    const key = url.replace(`/${options.bucket}/`, '')
    requests.push(`${method} ${key}`)
    const failure = failures.findIndex((next) => next.method === method)
    if (failure !== -1) return void res.writeHead(failures.splice(failure, 1)[0]!.status).end('<Error/>')
    if (!isSigned(req, body, options)) return void res.writeHead(403).end('<Code>SignatureDoesNotMatch</Code>')
    if (method === 'PUT') objects.set(key, { bytes: body, contentType: req.headers['content-type'] })
    if (method === 'DELETE') objects.delete(key)
    if (method !== 'GET') return void res.writeHead(method === 'DELETE' ? 204 : 200).end()
    const object = objects.get(key)
    if (object === undefined) return void res.writeHead(404).end('<Code>NoSuchKey</Code>')
    res.writeHead(200, { 'Content-Type': object.contentType ?? '' }).end(object.bytes)
  }

  return {
    options,
    objects,
    requests,
    failNext: (method, status) => void failures.push({ method, status }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest()

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/((\d{8})\/([^/]+)\/s3\/aws4_request), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/

function isSigned(req: IncomingMessage, body: Buffer, options: TestBucket['options']): boolean {
  const { headers } = req
  const [, keyId, scope, day, region, signed, signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? []
  if (scope === undefined || day === undefined || signed === undefined) return false
  const hash = String(headers['x-amz-content-sha256'])
  const isOfBody = hash === 'UNSIGNED-PAYLOAD' ? body.length === 0 : hash === sha256(body)
  const names = signed.split(';')
  const lines = names.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('')
  const canonical = [req.method, req.url, '', lines, signed, hash].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = [region ?? '', 's3', 'aws4_request'].reduce<Buffer>(
    (last, part) => hmac(last, part),
    hmac(`AWS4${options.secretAccessKey}`, day),
  )
  return (
    isOfBody &&
    names.includes('host') &&
    keyId === options.accessKeyId &&
    region === options.region &&
    hmac(key, toSign).toString('hex') === signature
  )
}
