import { connect, type Socket } from 'node:net'
import { createHistogram } from 'node:perf_hooks'
import { eventTemplate, mailTemplate, numbering } from '../mail.ts'
import type { LoadPlan, LoadResult } from './plan.ts'
import { responseReader } from './response.ts'

/**
 * Keeps every connection busy with one request at a time. Requests are bytes made in advance; only the
 * numbers in them change, so that the generator takes as little as possible of the processor it shares.
 */
export async function drive(plan: LoadPlan): Promise<LoadResult> {
  const { extent } = plan
  const latency = createHistogram()
  const limit = 'requests' in extent ? extent.requests : Infinity
  const startedAt = performance.now()
  const countFrom = startedAt + ('warmMs' in extent ? extent.warmMs : 0)
  const countUntil = 'measureMs' in extent ? countFrom + extent.measureMs : Infinity
  let sent = 0
  let counted = 0
  let refused = 0
  let refusal = ''
  let lastAt = startedAt
  let cpu = process.cpuUsage()
  let warm = true

  function finish(sentAt: number, status: number, excerpt: string) {
    const now = performance.now()
    if (status >= 300) {
      refused++
      refusal ||= excerpt
    }
    if (now < countFrom || now > countUntil) return
    if (warm) {
      warm = false
      cpu = process.cpuUsage()
    }
    lastAt = now
    counted++
    latency.record(Math.max(1, Math.round((now - sentAt) * 1000)))
  }

  async function useConnection() {
    const socket = await open(plan.endpoint.port)
    const { bytes, number } = requestBytes(plan)
    await new Promise<void>((resolve, reject) => {
      let sentAt = 0
      let closing = false
      function next() {
        if (sent >= limit || performance.now() > countUntil) {
          closing = true
          socket.end()
          resolve()
          return
        }
        number(plan.firstMail + sent * plan.mailsPerRequest)
        sent++
        sentAt = performance.now()
        socket.write(bytes)
      }
      socket.on(
        'data',
        responseReader((status, excerpt) => {
          finish(sentAt, status, excerpt)
          next()
        }),
      )
      socket.on('error', (error) => {
        if (!closing) reject(error)
      })
      socket.on('close', () => {
        if (!closing) reject(new Error('the server closed a kept-alive connection'))
      })
      next()
    })
  }

  await Promise.all(Array.from({ length: plan.connections }, useConnection))
  const used = process.cpuUsage(cpu)
  const seconds = (Math.min(lastAt, countUntil) - countFrom) / 1000
  return {
    requests: counted,
    seconds,
    perSecond: counted / seconds,
    p50: latency.percentile(50) / 1000,
    p99: latency.percentile(99) / 1000,
    cpuSeconds: (used.user + used.system) / 1e6,
    refused,
    refusal,
  }
}

function requestBytes({ endpoint, mailsPerRequest, areEvents = false }: LoadPlan) {
  const { batch } = endpoint
  const many = mailsPerRequest > 1 && batch !== undefined
  const mails = Array.from({ length: mailsPerRequest }, areEvents ? eventTemplate : mailTemplate).join(',')
  const body = many ? batch.before + mails + batch.after : mails
  const head = [
    `POST ${many ? batch.path : areEvents ? (endpoint.trackPath ?? '') : endpoint.path} HTTP/1.1`,
    `host: 127.0.0.1:${endpoint.port}`,
    `authorization: ${endpoint.authorization}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
  return { bytes, number: numbering(bytes, mailsPerRequest) }
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return socket
}
