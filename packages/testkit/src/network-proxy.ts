import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Stands between two who talk by TCP, and can come to lie between them as a broken network does. */
export interface NetworkProxy {
  /** The far end, by way of the proxy. */
  url: string
  /** Ends every connection, and takes no new one, until `restore`. */
  cut(): Promise<void>
  /** Keeps connections, and lets nothing through in either direction, until `restore` delivers it. */
  stall(): void
  restore(): Promise<void>
  /** Swallows whatever the connections that stand still carry, and tells neither end. New ones work. */
  forget(): void
  /** Nothing comes any more by connections on which a client has sent this text, and neither end is told. */
  silence(text: string): void
  /** From the moment that a client has sent this text, its answers are withheld. Resolves at that moment. */
  withholdAnswersTo(text: string): Promise<void>
  close(): Promise<void>
}

interface Link {
  isForgotten: boolean
  /** Whether its answers are swallowed. */
  isSilent: boolean
  said: Set<string>
}

/** `farUrl` names host and port. Texts that `silence` may be asked about later are `heard`. */
export async function networkProxy(farUrl: string, heard: readonly string[] = []): Promise<NetworkProxy> {
  const target = new URL(farUrl)
  const sockets = new Set<Socket>()
  const held: (() => void)[] = []
  const standing = new Set<Link>()
  let stalled = false
  let trap: { text: string; sprung: () => void } | undefined

  const deliver = (write: () => void) => void (stalled ? held.push(write) : write())
  const track = (socket: Socket) => {
    sockets.add(socket)
    // A cut connection is what the tests are about.
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    return socket
  }

  const server = createServer((client) => {
    track(client)
    const upstream = track(connect(Number(target.port), target.hostname))
    const link: Link = { isForgotten: false, isSilent: false, said: new Set() }
    standing.add(link)
    client.on('data', (bytes) => {
      if (trap !== undefined && bytes.includes(trap.text)) {
        link.isSilent = true
        trap.sprung()
        trap = undefined
      }
      for (const text of heard) if (bytes.includes(text)) link.said.add(text)
      if (!link.isForgotten) deliver(() => upstream.write(bytes))
    })
    upstream.on('data', (bytes) => {
      if (!link.isSilent && !link.isForgotten) deliver(() => client.write(bytes))
    })
    const end = (other: Socket) => {
      standing.delete(link)
      if (!link.isForgotten) other.destroy()
    }
    client.on('close', () => end(upstream))
    upstream.on('close', () => end(client))
  })

  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port // Safe because it listens on TCP.
  }
  const cut = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }

  const port = await listen(0)
  const url = new URL(farUrl)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return {
    url: url.href,
    cut,
    stall: () => void (stalled = true),
    async restore() {
      stalled = false
      for (const write of held.splice(0)) write()
      if (!server.listening) await listen(port)
    },
    forget() {
      for (const link of standing) link.isForgotten = true
    },
    silence(text) {
      for (const link of standing) link.isSilent ||= link.said.has(text)
    },
    withholdAnswersTo: (text) => new Promise((sprung) => void (trap = { text, sprung })),
    close: cut,
  }
}
