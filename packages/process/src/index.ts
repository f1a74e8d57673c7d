import { destination, pino, type Logger } from 'pino'

export type { Logger } from 'pino'

export interface Running {
  /** Finishes or hands back what is under way. */
  stop(): Promise<void>
}

export interface ProcessOptions {
  /** Named in every line of the log. */
  app: string
  logLevel: string
  start: (log: Logger) => Promise<Running>
  /** How long a drain may take; then the process ends with code 1. */
  drainLimitMs?: number
}

/** A start that cannot work as configured. The message is for the operator, and names the setting to change. */
export class StartError extends Error {}

const SQL_STATE = /^[0-9A-Z]{5}$/

/**
 * An error as it may be logged. What PostgreSQL says of one quotes the values it refused, which can be anybody's
 * address or mail; its code, the constraint and the place in our code say enough.
 */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown }
  const isDatabases = typeof code === 'string' && SQL_STATE.test(code)
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? []
  return {
    type: error.name,
    ...(!isDatabases && { message: error.message }),
    ...(code !== undefined && { code, constraint, table }),
    stack: frames.join('\n'),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  }
}

/** Before the 30 seconds after which Kubernetes kills; whoever drains must be done well within it. */
const DRAIN_LIMIT_MS = 25_000

/**
 * Runs an app until a signal. The first SIGINT or SIGTERM drains it; a second one ends it at once, and so does a
 * drain that hangs.
 */
export async function runProcess({
  app,
  logLevel,
  start,
  drainLimitMs = DRAIN_LIMIT_MS,
}: ProcessOptions): Promise<void> {
  const log = pino(
    { level: logLevel, base: { app, pid: process.pid }, serializers: { err: describeError } },
    destination({ dest: 1, sync: false }),
  )
  const exit = (code: number) => log.flush(() => process.exit(code))
  const die = (error: unknown) => {
    log.fatal({ err: error }, 'fault')
    exit(1)
  }
  process.on('uncaughtException', die).on('unhandledRejection', die)

  let stopping = false
  const stop = async () => {
    if (stopping) return exit(130)
    stopping = true
    setTimeout(() => exit(1), drainLimitMs).unref()
    try {
      const running = await starting
      await running.stop()
      exit(0)
    } catch (error) {
      die(error)
    }
  }
  process.on('SIGINT', () => void stop()).on('SIGTERM', () => void stop())
  // A terminal that closes says so to a process that may be draining already.
  process.on('SIGHUP', () => {
    if (!stopping) void stop()
  })

  // Only now, or a signal that comes at once would find nobody listening.
  const starting = start(log)
  try {
    await starting
  } catch (error) {
    // While stopping, the start may well fail; the drain is already on its way out.
    if (!stopping) failToStart(error)
  }
}

/** Ends the process with one sentence for an operator's mistake, and with the whole error for a fault. */
export function failToStart(error: unknown): never {
  const isMistake = error instanceof StartError || (error instanceof Error && 'setting' in error)
  const whole = error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${isMistake ? error.message : whole}
`)
  process.exit(1)
}

/** Words a busy or forbidden port, naming the setting that picks another. */
export function explainListenError(error: unknown, { port, setting }: { port: number; setting: string }): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new StartError(`Port ${port} is in use by another program; set ${setting} to a free port.`)
  if (code === 'EACCES') return new StartError(`This user may not open port ${port}; set ${setting} to one above 1023.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new StartError('HOST is not an address of this machine; set HOST to one that is.')
  return error
}
