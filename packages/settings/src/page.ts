import type { z } from 'zod'
import { SETTINGS } from './index.ts'

const WHO: Record<keyof typeof SETTINGS, string> = {
  PORT: 'start, api, command line',
  HOST: 'start, api',
  PUBLIC_URL: 'start, api, command line',
  SIGNUPS: 'start, api',
  GITHUB_CLIENT_ID: 'start, api',
  GITHUB_CLIENT_SECRET: 'start, api',
  GOOGLE_CLIENT_ID: 'start, api',
  GOOGLE_CLIENT_SECRET: 'start, api',
  OIDC_ISSUER: 'start, api',
  OIDC_CLIENT_ID: 'start, api',
  OIDC_CLIENT_SECRET: 'start, api',
  OIDC_NAME: 'start, api',
  TRUSTED_PROXIES: 'start, api',
  RATE_LIMITS: 'start, api',
  MAX_UPLOAD_MEMORY_MB: 'start, api',
  POSTHORN_DATA_DIR: 'start, command line',
  DATABASE_URL: 'start, command line; required by api and worker',
  SMTP_URL: 'all',
  S3_ENDPOINT: 'all but the command line',
  S3_BUCKET: 'all but the command line',
  S3_REGION: 'all but the command line',
  S3_ACCESS_KEY_ID: 'all but the command line',
  S3_SECRET_ACCESS_KEY: 'all but the command line',
  RETRY_LIFE_HOURS: 'start, worker',
  INBOX_SMTP_PORT: 'start, worker',
  API_LOG_DAYS: 'start, worker',
  POSTHORN_SECRET: 'start, command line; required by api and worker',
  LOG_LEVEL: 'all',
}

/** What the documents say of a setting: its default, and what it means. */
export function settingsRows(): string[] {
  return Object.entries<z.ZodType>(SETTINGS).map(([name, schema]) => {
    const fallback = schema.safeParse(undefined)
    const shown =
      fallback.success && fallback.data !== undefined
        ? `\`${JSON.stringify(fallback.data).replaceAll('"', '')}\``
        : 'unset'
    return `| \`${name}\` | ${shown} | ${WHO[name as keyof typeof SETTINGS]} | ${schema.description ?? ''} |`
  })
}
