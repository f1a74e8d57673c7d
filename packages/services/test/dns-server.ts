import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { decode, encode, type Answer, type Packet } from 'dns-packet'

/** What a name server says of a name: records, a code, nothing at all, or bytes that are no answer. */
export type Said = Answer[] | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'nothing' | 'noise'

export interface DnsServer {
  /** `127.0.0.1:1234` */
  address: string
  /** What it was asked, as `MX example.com`. */
  asked: string[]
  close(): Promise<void>
}

const CODES = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5 }
/** Bits of the flags of an answer: it can ask others, and would. */
const RECURSION = 0x0180

/** A name server on the loopback address, which knows what `zone` says. */
export async function startDnsServer(zone: (asked: string) => Said): Promise<DnsServer> {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (message, from) => {
    const { id, questions = [] } = decode(message)
    const [question] = questions
    if (question === undefined) return
    const name = `${question.type} ${question.name}`
    asked.push(name)
    const said = zone(name)
    if (said === 'nothing') return
    const bytes = said === 'noise' ? Buffer.from('noise') : encode(answerTo({ id: id ?? 0, questions }, said))
    socket.send(bytes, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    async close() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

function answerTo(
  { id, questions }: Required<Pick<Packet, 'id' | 'questions'>>,
  said: Exclude<Said, 'nothing' | 'noise'>,
): Packet {
  const isCode = typeof said === 'string'
  return {
    type: 'response',
    id,
    flags: RECURSION | (isCode ? CODES[said] : 0),
    questions,
    answers: isCode ? [] : said,
  }
}
