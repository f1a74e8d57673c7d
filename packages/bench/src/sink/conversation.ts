const replies = {
  greeting: '220 sink ESMTP\r\n',
  ehlo: '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n',
  ok: '250 2.0.0 Ok\r\n',
  data: '354 Go on\r\n',
  queued: '250 2.0.0 Ok: queued\r\n',
  bye: '221 2.0.0 Bye\r\n',
}

const lineEnd = Buffer.from('\r\n')
const messageEnd = Buffer.from('\r\n.\r\n')

/** One SMTP conversation that accepts everything and keeps nothing. Returns the replies to what came in. */
export function sinkConversation(onMessage: () => void) {
  let inMessage = false
  let carried: Buffer = Buffer.alloc(0)

  function command(line: string): string {
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO' || verb === 'HELO') return replies.ehlo
    if (verb === 'QUIT') return replies.bye
    if (verb !== 'DATA') return replies.ok
    inMessage = true
    return replies.data
  }

  return {
    greeting: replies.greeting,
    receive(chunk: Buffer): { reply: string; ended: boolean } {
      const bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk])
      let at = 0
      let reply = ''
      let ended = false
      for (;;) {
        const mark = inMessage ? messageEnd : lineEnd
        const end = bytes.indexOf(mark, at)
        if (end < 0) break
        if (inMessage) {
          inMessage = false
          onMessage()
          reply += replies.queued
        } else {
          const said = command(bytes.toString('latin1', at, end))
          reply += said
          ended ||= said === replies.bye
        }
        at = end + mark.length
      }
      // Of a message only what may be the beginning of its end is kept.
      carried = bytes.subarray(inMessage ? Math.max(at, bytes.length - messageEnd.length + 1) : at)
      return { reply, ended }
    },
  }
}
