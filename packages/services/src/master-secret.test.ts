import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MasterSecretError, readOrCreateSecret, secretFile } from './master-secret.ts'

let base: string

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'posthorn secret '))
})

afterAll(() => rm(base, { recursive: true, force: true }))

const SCRIPT = `
  const { readOrCreateSecret } = await import(process.argv[1])
  process.stdin.once('data', async () => {
    process.stdout.write(await readOrCreateSecret(process.argv[2]))
    process.exit()
  })
  process.stdout.write('ready ')
`

/** A process that makes the secret when it is told to. */
async function maker(dataDir: string) {
  const module = join(import.meta.dirname, 'master-secret.ts')
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, module, dataDir], { stdio: 'pipe' })
  await once(child.stdout, 'readable')
  return async () => {
    child.stdin.write('go')
    return (await text(child.stdout)).replace('ready ', '')
  }
}

test('processes that come at once to an empty folder all get the one secret that is kept', async () => {
  const dataDir = join(base, 'race')
  const makers = await Promise.all([1, 2, 3].map(() => maker(dataDir)))
  const secrets = await Promise.all(makers.map((make) => make()))
  const kept = (await readFile(secretFile(dataDir), 'utf8')).trim()
  expect(secrets).toEqual([kept, kept, kept])
  expect(Buffer.from(kept, 'base64url')).toHaveLength(32)
  expect(await readdir(dataDir)).toEqual(['secret'])
})

test('only the owner can read it, and it stays the same', async () => {
  const dataDir = join(base, 'kept')
  const first = await readOrCreateSecret(dataDir)
  expect((await stat(secretFile(dataDir))).mode & 0o777).toBe(0o600)
  expect(await readOrCreateSecret(dataDir)).toBe(first)
  expect(await readOrCreateSecret(join(base, 'other'))).not.toBe(first)
})

test('a secret that is too short is refused and left as it is', async () => {
  const dataDir = join(base, 'short')
  await readOrCreateSecret(dataDir)
  await writeFile(secretFile(dataDir), 'too short\n')
  const refusal = readOrCreateSecret(dataDir)
  await expect(refusal).rejects.toBeInstanceOf(MasterSecretError)
  await expect(refusal).rejects.toThrow(/has 9 characters instead of at least 32: put the right one back/)
  expect(await readFile(secretFile(dataDir), 'utf8')).toBe('too short\n')
})

test('a folder that cannot be used is refused by naming the settings', async () => {
  await writeFile(join(base, 'file'), '')
  await expect(readOrCreateSecret(join(base, 'file', 'data'))).rejects.toThrow(
    /^Cannot read or make the secret in .* \(ENOTDIR\): set POSTHORN_DATA_DIR .* or set POSTHORN_SECRET\.$/,
  )
})
