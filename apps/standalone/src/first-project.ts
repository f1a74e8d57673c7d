import { KEY_SCOPES, type KeyKind, type Scope } from '@posthorn/contracts'
import { connect } from '@posthorn/db'
import {
  ApiError,
  createProject,
  createRuntime,
  invoke,
  isSetUpNeeded,
  listProjects,
  newId,
  systemActor,
  type Context,
  type ProjectSummary,
} from '@posthorn/services'

export interface ShownKeys {
  projectId: string
  projectName: string
  secretKey: string | undefined
  publicKey: string | undefined
  /** Whether somebody has an account by now, and sees the keys in the dashboard. */
  areInDashboard: boolean
  /** Whether there are secret keys that work and cannot be shown, since another master key sealed them. */
  hasSealedKeys: boolean
  /** Whether mail that names no sender goes out through a relay: not before a domain is trusted. */
  mayRelay: boolean
}

/**
 * The keys to greet the operator with: those of a new project on the first start, and those of the oldest project on
 * later ones. Showing a secret key again is kept in the audit log, as it is for everybody. Once there is an account no
 * key is shown: a start must not put into a terminal, or into what keeps its output, what a person can ask for.
 */
export async function firstProjectKeys(options: {
  databaseUrl: string
  secret: string
  captures: boolean
}): Promise<ShownKeys> {
  const { db, close } = connect(options.databaseUrl, { poolSize: 1, applicationName: 'posthorn start' })
  const runtime = createRuntime({ db, secret: options.secret, captures: options.captures })
  try {
    const [project] = await listProjects(db)
    if (project === undefined) {
      const { project, secretKey, publicKey } = await createProject(runtime, 'My project')
      return { ...named(project), secretKey, publicKey, areInDashboard: false, hasSealedKeys: false, mayRelay: false }
    }
    const ctx = { db, runtime, actor: systemActor(project.id), requestId: newId() }
    const { defaultSender, domains } = await invoke(ctx, ['project', 'get'], {})
    const mayRelay = domains.some((domain) => defaultSender.email.endsWith(`@${domain}`))
    const common = { ...named(project), mayRelay }
    if (!(await isSetUpNeeded(db))) {
      return { ...common, secretKey: undefined, publicKey: undefined, areInDashboard: true, hasSealedKeys: false }
    }
    const { data } = await invoke(ctx, ['keys', 'list'], { limit: 100 })
    const plain = data.filter((key) => key.status === 'active' && isPlain(key)).toReversed()
    const secret = await firstShown(
      ctx,
      plain.filter(({ kind }) => kind === 'secret'),
    )
    const open = await firstShown(
      ctx,
      plain.filter(({ kind }) => kind === 'public'),
    )
    return {
      ...common,
      secretKey: secret.key,
      publicKey: open.key,
      areInDashboard: false,
      hasSealedKeys: secret.hasSealed,
    }
  } finally {
    await runtime.close()
    await close()
  }
}

const named = ({ id, name }: ProjectSummary) => ({ projectId: id, projectName: name })

async function firstShown(ctx: Context, keys: readonly { id: string }[]) {
  let hasSealed = false
  for (const { id } of keys) {
    try {
      return { key: (await invoke(ctx, ['keys', 'reveal'], { id })).key, hasSealed: false }
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'KEY_NOT_READABLE') throw error
      hasSealed = true
    }
  }
  return { key: undefined, hasSealed }
}

/** Neither narrowed nor bound to addresses, so that the printed lines work with it; and never one that mints keys. */
const isPlain = ({ kind, scopes, allowedIps }: { kind: KeyKind; scopes: Scope[]; allowedIps: string[] }) =>
  allowedIps.length === 0 && scopes.toSorted().join() === KEY_SCOPES[kind].toSorted().join()
