import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPrivateFile, replacePrivateFile } from '../private-file.ts'
import { codeOf } from './error.ts'

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
  await replacePrivateFile(statePath(dataDir), textOf(state))
}

/** Of several processes that create the state at once, one wins; all get the winner's. */
export async function createState(dataDir: string, state: State): Promise<State> {
  if (await createPrivateFile(statePath(dataDir), textOf(state))) return state
  const winner = await readState(dataDir)
  // A file that is there but says nothing is replaced.
  if (winner === undefined) await writeState(dataDir, state)
  return winner ?? state
}

const textOf = (state: State) => `${JSON.stringify(state, null, 2)}\n`
