import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from './error.ts'
import { giveToOwner } from './files.ts'

/** What outlives a process. Who runs and on which port is PostgreSQL's own postmaster.pid to say. */
export interface State {
  password: string
  /** Taken again at the next start where it is free. */
  port?: number
  /** Where the database is, when the server's user cannot reach the data folder. */
  relocatedTo?: string
}

function statePath(dataDir: string): string {
  return join(dataDir, 'postgres.json')
}

export async function readState(dataDir: string): Promise<State | undefined> {
  try {
    const state: unknown = JSON.parse(await readFile(statePath(dataDir), 'utf8'))
    return isState(state) ? state : undefined
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

function isState(value: unknown): value is State {
  return typeof value === 'object' && value !== null && 'password' in value && typeof value.password === 'string'
}

export async function writeState(dataDir: string, state: State): Promise<void> {
  const draft = await writeDraft(dataDir, state)
  await rename(draft, statePath(dataDir))
}

/** Of several processes that create the state at once, one wins; all get the winner's. */
export async function createState(dataDir: string, state: State): Promise<State> {
  const draft = await writeDraft(dataDir, state)
  try {
    await link(draft, statePath(dataDir))
    return state
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    const winner = await readState(dataDir)
    // A file that is there but says nothing is replaced.
    if (winner === undefined) await rename(draft, statePath(dataDir))
    return winner ?? state
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeDraft(dataDir: string, state: State): Promise<string> {
  const draft = `${statePath(dataDir)}.${randomBytes(6).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(state, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await giveToOwner(draft, dataDir)
  return draft
}
