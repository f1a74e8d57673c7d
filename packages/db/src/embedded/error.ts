/** The embedded PostgreSQL cannot be used. The message is one sentence that names the setting to change. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly setting: 'POSTHORN_DATA_DIR' | 'DATABASE_URL'

  constructor(setting: EmbeddedPostgresError['setting'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.setting = setting
  }
}

/** The code of a failed system call or of a refused statement, or nothing. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a file is in the way',
  EEXIST: 'a file is in the way',
}

/** Whether a system call failed for a reason that lies in the folder and not in us. */
export function isRefusedByFolder(error: unknown): boolean {
  return (codeOf(error) ?? '') in REASONS
}

export function unwritable(dataDir: string, error: unknown): EmbeddedPostgresError {
  const code = codeOf(error) ?? String(error)
  return new EmbeddedPostgresError(
    'POSTHORN_DATA_DIR',
    `Cannot use the data folder ${dataDir} (${REASONS[code] ?? code}): set POSTHORN_DATA_DIR to a folder that this user may write to.`,
    { cause: error },
  )
}
