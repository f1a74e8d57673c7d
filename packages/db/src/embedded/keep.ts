import { setTimeout as sleep } from 'node:timers/promises'
import { enter, type Membership } from './membership.ts'
import { findPostmaster } from './postmaster.ts'
import { reach, type ReachOptions } from './reach.ts'
import { stopServer } from './server.ts'

export interface Kept {
  port: number
  started: boolean
  /** Leaves the server, and ends it when no other process uses it. */
  stop: () => Promise<void>
}

/** Joins the cluster's server or starts it, and brings it back when it dies before we stop. */
export async function keepServer(options: Omit<ReachOptions, 'fixedPort' | 'signal'>): Promise<Kept> {
  const { cluster, password, log } = options
  const { port, started, ...first } = await reach(options)
  let member: Membership | undefined = first.member
  let stopped: Promise<void> | undefined
  const stopping = new AbortController()
  const { signal } = stopping
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      await Promise.race([member?.gone, aborted])
      if (signal.aborted) return
      member = undefined
      log('PostgreSQL broke the connection; bringing it back.')
      await bringBack()
    }
  }

  async function bringBack(): Promise<void> {
    while (member === undefined && !signal.aborted) {
      try {
        member = (await reach({ ...options, port, fixedPort: true, signal })).member
        log('PostgreSQL is back.')
      } catch (error) {
        if (signal.aborted) return
        log(error instanceof Error ? error.message : String(error))
        await sleep(1_000, undefined, { ref: false, signal }).catch(() => {})
      }
    }
  }

  async function leave(): Promise<void> {
    stopping.abort()
    await watching
    const server = await findPostmaster(cluster.clusterDir)
    if (server === undefined) return
    // A server that lets nobody in yet has no other users either.
    const alone = (await leaveAs(member)) ?? (await leaveAs(await enterAgain())) ?? !server.ready
    if (alone) await stopServer(cluster)
  }

  function enterAgain(): Promise<Membership | undefined> {
    return enter({ port, password }).catch(() => undefined)
  }

  const watching = watch()
  return { port, started, stop: () => (stopped ??= leave()) }
}

async function leaveAs(member: Membership | undefined): Promise<boolean | undefined> {
  return member?.leave().catch(() => undefined)
}
