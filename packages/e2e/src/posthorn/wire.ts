import { networkProxy } from '@posthorn/testkit/network-proxy'
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

const STREAM = '/trpc/live.changes'

export async function wireTo(posthorn: Posthorn): Promise<Wire> {
  const proxy = await networkProxy(posthorn.url, [STREAM])
  return { ...proxy, far: { ...posthorn, url: new URL(proxy.url).origin }, silenceStreams: () => proxy.silence(STREAM) }
}
