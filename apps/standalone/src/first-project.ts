import { KEY_SCOPES, type KeyKind, type Scope } from '@posthorn/contracts'
import { connect } from '@posthorn/db'
import { createProject, createRuntime, invoke, listProjects, newId, systemActor } from '@posthorn/services'

export interface ShownKeys {
  projectName: string
  secretKey: string | undefined
  publicKey: string | undefined
}

/**
 * The keys to greet the operator with: those of a new project on the first start, and those of the oldest project on
 * later ones. Showing a secret key again is kept in the audit log, as it is for everybody.
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
      const made = await createProject(runtime, 'My project')
      return { projectName: made.project.name, secretKey: made.secretKey, publicKey: made.publicKey }
    }
    const ctx = { db, runtime, actor: systemActor(project.id), requestId: newId() }
    const { data } = await invoke(ctx, ['keys', 'list'], { limit: 100 })
    const show = async (kind: KeyKind) => {
      const key = data.findLast((one) => one.kind === kind && one.status === 'active' && isPlain(one))
      // A key that was sealed with another master key still works; it only cannot be shown.
      return key && (await invoke(ctx, ['keys', 'reveal'], { id: key.id }).catch(() => undefined))?.key
    }
    return { projectName: project.name, secretKey: await show('secret'), publicKey: await show('public') }
  } finally {
    await runtime.close()
    await close()
  }
}

/** Neither narrowed nor bound to addresses, so that the printed lines work with it; and never one that mints keys. */
const isPlain = ({ kind, scopes, allowedIps }: { kind: KeyKind; scopes: Scope[]; allowedIps: string[] }) =>
  allowedIps.length === 0 && scopes.toSorted().join() === KEY_SCOPES[kind].toSorted().join()
