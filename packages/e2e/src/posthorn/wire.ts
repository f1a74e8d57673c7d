import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Posthorn } from './start.ts'

/** The network between a browser and Posthorn, which can break. */
export interface Wire {
  /** Posthorn, as it is reached by way of the wire. */
  far: Posthorn
  /** Ends every connection, and takes no new one, until `restore`. */
  cut(): Promise<void>
  restore(): Promise<void>
  /** Nothing comes any more by the streams of changes that are open, and neither end is told. */
  silenceStreams(): void
  close(): Promise<void>
}

const isStreamAskedFor = (bytes: Buffer) => bytes.includes('/trpc/live.changes')

export async function wireTo(posthorn: Posthorn): Promise<Wire> {
  const target = new URL(posthorn.url)
  const sockets = new Set<Socket>()
  const streams = new Set<Socket>()
  const track = (socket: Socket) => {
    sockets.add(socket)
    // A connection that breaks is what the stories are about.
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    track(near)
    const far = track(connect(Number(target.port), target.hostname))
    near.on('data', (bytes) => {
      if (isStreamAskedFor(bytes)) streams.add(far)
      far.write(bytes)
    })
    far.on('data', (bytes) => near.write(bytes))
    near.on('close', () => far.destroy())
    far.on('close', () => {
      streams.delete(far)
      near.destroy()
    })
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
  return {
    far: { ...posthorn, url: `http://127.0.0.1:${port}` },
    cut,
    async restore() {
      await listen(port)
    },
    silenceStreams() {
      for (const far of streams) far.removeAllListeners('data').resume()
    },
    close: cut,
  }
}
