import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

type Process = { pid: number; parent: number; residentKb: number }

/**
 * Megabytes that these processes and all their descendants hold, as if nothing else ran: what they share,
 * PostgreSQL's buffers or a program's code, is counted once. Where the system does not tell what is
 * shared (it does on Linux), resident sizes are added up, which is more.
 */
export function memoryOfTrees(roots: number[]): number {
  const linux = process.platform === 'linux'
  const all = linux ? linuxProcesses() : otherProcesses()
  const wanted = new Set(roots)
  for (let before = 0; before !== wanted.size;) {
    before = wanted.size
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid)
  }
  const held = all.filter(({ pid }) => wanted.has(pid))
  const kilobytes = linux
    ? sharedOnce(held.map(({ pid }) => pid))
    : held.reduce((sum, { residentKb }) => sum + residentKb, 0)
  return kilobytes / 1024
}

function sharedOnce(pids: number[]): number {
  let kilobytes = 0
  const files = new Map<string, number>()
  for (const pid of pids) {
    const rollup = readOrNothing(`/proc/${pid}/smaps_rollup`)
    kilobytes += field(rollup, 'Pss_Anon') + field(rollup, 'Pss_Shmem')
    const program = programOf(pid)
    const mapped = field(readOrNothing(`/proc/${pid}/status`), 'RssFile')
    files.set(program, Math.max(mapped, files.get(program) ?? 0))
  }
  return [...files.values()].reduce((sum, value) => sum + value, kilobytes)
}

function field(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
}

function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
  } catch {
    return ''
  }
}

function linuxProcesses(): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    const stat = readOrNothing(`/proc/${pid}/stat`)
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
    return parent === undefined ? [] : { pid: Number(pid), parent: Number(parent), residentKb: 0 }
  })
}

function otherProcesses(): Process[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [pid = 0, parent = 0, residentKb = 0] = line.trim().split(/\s+/).map(Number)
    return { pid, parent, residentKb }
  })
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
