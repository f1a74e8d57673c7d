import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPrivateFile } from '@posthorn/db/private-file'

const SECRET_BYTES = 32
/** What POSTHORN_SECRET must have at least; the one made here has 43. */
export const SECRET_LENGTH = 32

/** The master key cannot be used. The message is one sentence that says what to change. */
export class MasterSecretError extends Error {
  override readonly name = 'MasterSecretError'
  readonly setting = 'POSTHORN_SECRET'
}

export const secretFile = (dataDir: string): string => join(dataDir, 'secret')

/**
 * The master key of the instance that lives in this data folder. Whoever comes first makes it; of several processes
 * that come at once one wins, and all get the winner's.
 */
export async function readOrCreateSecret(dataDir: string): Promise<string> {
  const file = secretFile(dataDir)
  try {
    return (await readSecret(file)) ?? (await createSecret(file, dataDir))
  } catch (error) {
    if (error instanceof MasterSecretError) throw error
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new MasterSecretError(
      `Cannot read or make the secret in ${file} (${reason}): set POSTHORN_DATA_DIR to a folder that this user may write to, or set POSTHORN_SECRET.`,
      { cause: error },
    )
  }
}

async function readSecret(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const secret = text.trim()
  if (secret.length >= SECRET_LENGTH) return secret
  // Never replaced by a new one: keys that were sealed with it would be lost for good.
  throw new MasterSecretError(
    `The secret in ${file} has ${secret.length} characters instead of at least ${SECRET_LENGTH}: put the right one back, or delete the file if no key was ever made here.`,
  )
}

async function createSecret(file: string, dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  if (await createPrivateFile(file, `${secret}\n`)) return secret
  return (await readSecret(file)) ?? secret
}
