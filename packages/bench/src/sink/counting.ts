/** What the bench asks of the sink: report the moments at which these messages arrived. */
export type SinkRequest = { from: number; until: number } | 'count'
/** Moments are nanoseconds of the system's monotonic clock, which all processes share. */
export type SinkReport =
  | { kind: 'listening'; port: number; name: string }
  | { kind: 'reached'; fromNs: string; untilNs: string }
  | { kind: 'count'; count: number }

/** Counts messages since the last request and reports the two moments that were asked for. */
export function counting(report: (report: SinkReport) => void) {
  let count = 0
  let expected = { from: 0, until: 0 }
  let fromNs = 0n
  return {
    request(request: SinkRequest) {
      if (request === 'count') return report({ kind: 'count', count })
      count = 0
      expected = request
    },
    arrived(messages: number) {
      const before = count
      count += messages
      if (before < expected.from && count >= expected.from) fromNs = process.hrtime.bigint()
      if (before < expected.until && count >= expected.until) {
        const untilNs = process.hrtime.bigint()
        report({ kind: 'reached', fromNs: String(fromNs), untilNs: String(untilNs) })
      }
    },
  }
}
