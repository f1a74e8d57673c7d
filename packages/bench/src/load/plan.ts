import type { Endpoint } from '../contender.ts'

/** What the generator is asked to do. */
export type LoadPlan = {
  endpoint: Endpoint
  connections: number
  mailsPerRequest: number
  /** Events are reported, one for each request, instead of mails. */
  areEvents?: boolean
  firstMail: number
  /** Either a number of requests, or a time of which the first part is not counted. */
  extent: { requests: number } | { warmMs: number; measureMs: number }
}

/** What it saw. Latencies are in milliseconds. */
export type LoadResult = {
  requests: number
  seconds: number
  perSecond: number
  p50: number
  p99: number
  cpuSeconds: number
  refused: number
  refusal: string
}
