import type { AddressInfo, Server, Socket } from 'node:net'

export interface Listening {
  port: number
  sockets: ReadonlySet<Socket>
  /** Ends every connection, at once, and stops listening. */
  close: () => Promise<void>
}

/** Listens on the loopback, on a free port unless one is named. */
export async function listen(server: Server, port = 0): Promise<Listening> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // Safe because a server that listens on TCP has an address with a port.
  const address = server.address() as AddressInfo
  return {
    port: address.port,
    sockets,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
