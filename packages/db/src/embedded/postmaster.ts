import { readFile, readlink, realpath, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from './error.ts'
import { run } from './program.ts'

/** The server of a cluster, as its own postmaster.pid tells. */
export interface Postmaster {
  pid: number
  port: number
  ready: boolean
}

const PID = 0
const PORT = 3
const STATUS = 7

/** The living server of a cluster, or nothing when none runs or the file is left from a killed one. */
export async function findPostmaster(clusterDir: string): Promise<Postmaster | undefined> {
  const lines = await readPidFile(clusterDir)
  const pid = Number(lines?.[PID])
  if (lines === undefined || !(pid > 0) || !(await serves(pid, clusterDir))) return undefined
  return { pid, port: Number(lines[PORT]), ready: lines[STATUS]?.trim() === 'ready' }
}

async function readPidFile(clusterDir: string): Promise<string[] | undefined> {
  try {
    return (await readFile(join(clusterDir, 'postmaster.pid'), 'utf8')).split('\n')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * PostgreSQL refuses to start while any process of the same user has the number in its stale file,
 * which after the restart of a container is the rule: numbers are given out in the same order again.
 */
export async function removeStalePidFile(clusterDir: string): Promise<void> {
  const lines = await readPidFile(clusterDir)
  if (lines === undefined) return
  // Negative when it is not a server but a process in single-user mode.
  const pid = Math.abs(Number(lines[PID]))
  const path = join(clusterDir, 'postmaster.pid')
  const stale = pid > 0 ? isRunning(pid) && !(await serves(pid, clusterDir)) : await isOld(path)
  if (stale) await rm(path, { force: true })
}

/** A file without a number is being written at this moment, or was when the machine lost its power. */
async function isOld(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path)
  return Date.now() - mtimeMs > 10_000
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

async function serves(pid: number, clusterDir: string): Promise<boolean> {
  if (!isRunning(pid)) return false
  if (process.platform === 'linux') return isWorkingIn(pid, clusterDir)
  if (process.platform === 'win32') return true
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)])
  return stdout.includes('postgres')
}

/** A server works in its cluster's folder; the link of a process that is no more than a zombie cannot be read. */
async function isWorkingIn(pid: number, folder: string): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(folder))
  } catch (error) {
    return codeOf(error) === 'EACCES'
  }
}
