import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, migrateToLatest, pendingMigrations, type Db } from '@posthorn/db'
import { startEmbeddedPostgres } from '@posthorn/db/embedded'
import type { Runtime } from '@posthorn/services'
import { readOrCreateSecret, secretFile } from '@posthorn/services/master-secret'
import { createSecretBox, type SecretBox } from '@posthorn/services/secrets'
import type { Env } from './env.ts'
import { CommandError } from './errors.ts'

/** What a command works on. */
export interface Instance {
  db: Db
  publicUrl: string
  secrets: SecretBox
  /** What the door stands on. It takes as long to load as all else, so only what comes in through the door opens it. */
  openRuntime(): Promise<Runtime>
  /** Undefined where an own database is used and POSTHORN_SECRET is not set; then nothing can be sealed or opened. */
  secret: string | undefined
}

export interface InstanceOptions {
  env: Env
  log: (line: string) => void
  /** False for the command that migrates, which says what it does. */
  migratesEmbedded?: boolean
  /** False for commands that have something to say about an old schema. */
  requiresSchema?: boolean
}

/** A statement that waits for somebody's lock must not keep the command from ending. */
const CLOSE_LIMIT_MS = 5_000

/**
 * Opens the instance for one piece of work, and closes it whatever happens, a signal included. An embedded PostgreSQL
 * that nobody else uses ends with it.
 */
export async function withInstance<T>(options: InstanceOptions, work: (instance: Instance) => Promise<T>): Promise<T> {
  const opening = openInstance(options)
  let closing: Promise<void> | undefined
  const close = () =>
    (closing ??= opening.then(
      ({ close }) => close(),
      () => {},
    ))
  let interrupted = false
  const onSignal = (signal: NodeJS.Signals) => {
    interrupted = true
    void Promise.race([close(), sleep(CLOSE_LIMIT_MS)]).finally(() => process.exit(128 + constants.signals[signal]))
  }
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    return await work(await opening)
  } catch (error) {
    // What fails now fails because of the signal, and its handler is about to end the process.
    if (interrupted) return await new Promise<never>(() => {})
    throw error
  } finally {
    await close()
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

async function openInstance({ env, log, migratesEmbedded = true, requiresSchema = true }: InstanceOptions) {
  await using opened = new AsyncDisposableStack()
  const { connectionString, secret, stop } = await openPostgres(env, log)
  opened.defer(stop)
  if (env.DATABASE_URL === undefined && migratesEmbedded) await migrateToLatest(connectionString)

  const connection = connect(connectionString, { poolSize: 2, applicationName: 'posthorn cli' })
  opened.defer(() => connection.close())
  const { db } = connection
  if (requiresSchema) await requireCurrentSchema(db)

  const publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`
  const secrets = secret === undefined ? nothingSealed(env) : createSecretBox(secret)
  let runtime: Promise<Runtime> | undefined
  opened.defer(async () => (await runtime)?.close())
  const openRuntime = async (): Promise<Runtime> => {
    const { createRuntime } = await import('@posthorn/services/runtime')
    const captures = env.SMTP_URL === undefined
    return { ...createRuntime({ db, secret: secret ?? '', captures, publicUrl }), secrets }
  }
  const owned = opened.move()
  return {
    db,
    publicUrl,
    secrets,
    secret,
    openRuntime: () => (runtime ??= openRuntime()),
    close: () => owned.disposeAsync(),
  }
}

async function openPostgres(env: Env, log: (line: string) => void) {
  if (env.DATABASE_URL !== undefined) {
    return { connectionString: env.DATABASE_URL, secret: env.POSTHORN_SECRET, stop: () => Promise.resolve() }
  }
  const dataDir = env.POSTHORN_DATA_DIR
  const { connectionString, stop } = await startEmbeddedPostgres({ dataDir, log })
  try {
    return { connectionString, secret: env.POSTHORN_SECRET ?? (await readOrCreateSecret(dataDir)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function requireCurrentSchema(db: Db): Promise<void> {
  const { length } = await pendingMigrations(db)
  if (length === 0) return
  const lacks = length === 1 ? 'a migration' : `${length} migrations`
  throw new CommandError('MIGRATIONS_PENDING', `The database lacks ${lacks}: run pnpm posthorn migrate.`)
}

/** Only what has to seal or open a key fails without the master key; all else works. */
function nothingSealed(env: Env): SecretBox {
  const refuse = () => {
    const file = secretFile(env.POSTHORN_DATA_DIR)
    const message = `Set POSTHORN_SECRET to the master key of this instance, which seals its secret keys; a standalone keeps it in ${file}.`
    throw new CommandError('CONFIGURATION', message)
  }
  return { seal: refuse, open: refuse }
}
