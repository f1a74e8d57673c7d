import { execFile } from 'node:child_process'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Absent } from '../../contender.ts'
import { versions } from './modules.ts'

const runProgram = promisify(execFile)
const cache = join(import.meta.dirname, '../../../node_modules/.cache')

/** The folder that holds BullMQ, after one installation; says what is missing where it cannot be had. */
export async function installModules(): Promise<string> {
  await runProgram('redis-server', ['--version']).catch(() => {
    throw new Absent('no redis-server on the PATH')
  })
  const folder = join(cache, `bullmq-${versions.bullmq}-ioredis-${versions.ioredis}`)
  const done = join(folder, 'installed')
  if (
    await access(done).then(
      () => true,
      () => false,
    )
  )
    return folder
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"private": true}\n')
  const wanted = [`bullmq@${versions.bullmq}`, `ioredis@${versions.ioredis}`]
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact']
  await runProgram('npm', ['install', ...flags, ...wanted], { cwd: folder, timeout: 60_000 }).catch(() => {
    throw new Absent('BullMQ could not be installed from the registry')
  })
  await writeFile(done, '')
  return folder
}
