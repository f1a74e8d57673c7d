import { rm, mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort, waitForPort } from './ports.ts'
import type { Running } from './processes.ts'
import type { Run } from './run.ts'

export type Redis = { port: number; running: Running }

/** An empty redis-server with its log on disk, flushed once a second, which is Redis's own default for it. */
export async function startRedis(run: Run): Promise<Redis> {
  const port = await freePort()
  const folder = join(run.folder, 'redis')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', '']
  const running = await run.processes.start({ name: 'redis', command: 'redis-server', args: settings })
  await waitForPort(port, running.failure)
  return { port, running }
}

/** Sends one inline command. */
export async function redisCommand(port: number, command: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' })
  const answer = await new Promise<string>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('data', (chunk) => resolve(chunk.toString()))
    socket.write(`${command}\r\n`)
  })
  socket.destroy()
  if (!answer.startsWith('+')) throw new Error(`Redis answered ${answer.trim()} to ${command.split(' ')[0]}`)
}
