import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const startWithinMs = 30_000

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  // Safe because a server listening on TCP has an address object, not a pipe's name.
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Waits until something accepts connections there; fails at once when the program has ended. */
export async function waitForPort(port: number, failure: Promise<never>): Promise<void> {
  await waitFor(`port ${port}`, { failure, check: () => canConnect(port) })
}

/** Waits until GET answers 2xx. */
export async function waitForHttp(url: string, failure: Promise<never>): Promise<void> {
  await waitFor(url, {
    failure,
    check: async () => {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
      await response?.body?.cancel()
      return response?.ok ?? false
    },
  })
}

async function waitFor(what: string, on: { failure: Promise<never>; check: () => Promise<boolean> }): Promise<void> {
  const until = performance.now() + startWithinMs
  while (!(await Promise.race([on.check(), on.failure]))) {
    if (performance.now() > until) throw new Error(`${what} did not answer within ${startWithinMs / 1000} s`)
    await sleep(20)
  }
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
  socket.destroy()
  return connected
}
