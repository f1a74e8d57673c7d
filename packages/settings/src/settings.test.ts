import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import {
  BUCKET_SETTINGS,
  bucketOf,
  PROVIDER_SETTINGS,
  providersOf,
  readSettings,
  required,
  SETTINGS,
  SettingsError,
} from './index.ts'
import { RATE_LIMITS } from './rate-limits.ts'

type Name = keyof typeof SETTINGS

const read = (env: Record<string, string | undefined>) => readSettings(env, SETTINGS)

function refusalOf(env: Record<string, string | undefined>, picked: z.ZodRawShape = SETTINGS): string {
  try {
    readSettings(env, picked)
  } catch (error) {
    if (error instanceof SettingsError) return error.message
    throw error
  }
  return 'nothing was refused'
}

const FIFTY = { quota: 50, windowSeconds: 10 }
const DEFAULT_LIMITS = Object.fromEntries(
  Object.entries(RATE_LIMITS).map(([name, { quota, windowSeconds }]) => [name, { quota, windowSeconds }]),
)

test('everything can be left out, and what is empty counts as left out', () => {
  const defaults = {
    PORT: 3000,
    HOST: '127.0.0.1',
    SIGNUPS: 'invitation',
    OIDC_NAME: 'Single sign-on',
    MAX_UPLOAD_MEMORY_MB: 128,
    POSTHORN_DATA_DIR: '.data',
    S3_REGION: 'us-east-1',
    RETRY_LIFE_HOURS: 72,
    INBOX_SMTP_PORT: 2525,
    API_LOG_DAYS: 7,
    LOG_LEVEL: 'info',
  }
  expect(read({})).toEqual(defaults)
  const empty = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, '']))
  expect(read(empty)).toEqual(defaults)
  expect(read({ ...empty, PORT: undefined, HOME: '/root', npm_config_port: 'x' })).toEqual(defaults)
})

test.each<[Name, string, unknown]>([
  ['PORT', '0', 0],
  ['PORT', '65535', 65_535],
  ['HOST', '::', '::'],
  ['PUBLIC_URL', 'https://mail.example.com', 'https://mail.example.com'],
  ['PUBLIC_URL', 'http://10.0.0.1:8080/mail//', 'http://10.0.0.1:8080/mail'],
  ['SIGNUPS', 'open', 'open'],
  ['OIDC_ISSUER', 'https://id.example.com/realms/acme', 'https://id.example.com/realms/acme'],
  ['TRUSTED_PROXIES', '10.0.0.1', ['10.0.0.1']],
  ['TRUSTED_PROXIES', ' 10.0.0.0/8 , ::1,2001:db8::/32, loopback', ['10.0.0.0/8', '::1', '2001:db8::/32', 'loopback']],
  ['RATE_LIMITS', 'off', undefined],
  ['RATE_LIMITS', 'on', DEFAULT_LIMITS],
  ['RATE_LIMITS', 'key=50/10, recipient=off', { ...DEFAULT_LIMITS, key: FIFTY, recipient: undefined }],
  ['MAX_UPLOAD_MEMORY_MB', '64', 64],
  ['MAX_UPLOAD_MEMORY_MB', '1024', 1024],
  ['POSTHORN_DATA_DIR', '/var/lib/post horn', '/var/lib/post horn'],
  ['DATABASE_URL', 'postgres://u:p%40ss@db:5432/posthorn', 'postgres://u:p%40ss@db:5432/posthorn'],
  ['DATABASE_URL', 'postgresql:///posthorn?host=/run/postgresql', 'postgresql:///posthorn?host=/run/postgresql'],
  ['SMTP_URL', 'smtp://user:password@mail.example.com:587', ['smtp://user:password@mail.example.com:587']],
  ['SMTP_URL', 'smtps://a.example , smtp://b.example:25', ['smtps://a.example', 'smtp://b.example:25']],
  ['SMTP_URL', 'smtp://user:a,b@a.example,smtp://b.example', ['smtp://user:a,b@a.example', 'smtp://b.example']],
  ['RETRY_LIFE_HOURS', '1', 1],
  ['RETRY_LIFE_HOURS', '720', 720],
  ['INBOX_SMTP_PORT', '1025', 1025],
  ['API_LOG_DAYS', '365', 365],
  ['POSTHORN_SECRET', 'a master key for tests, long enough', 'a master key for tests, long enough'],
  ['LOG_LEVEL', 'silent', 'silent'],
])('%s=%s is taken', (name, value, taken) => {
  expect(read({ [name]: value })[name]).toEqual(taken)
})

test.each<[Name, string]>([
  ['RATE_LIMITS', 'yes'],
  ['RATE_LIMITS', 'key=0/10'],
  ['RATE_LIMITS', 'key=10'],
  ['RATE_LIMITS', 'keys=10/10'],
  ['RATE_LIMITS', 'constructor=10/10'],
  ['RATE_LIMITS', 'key=10/10,'],
  ['MAX_UPLOAD_MEMORY_MB', '63'],
  ['MAX_UPLOAD_MEMORY_MB', '128MB'],
  ['MAX_UPLOAD_MEMORY_MB', '-1'],
  ['PORT', 'http'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '3000.5'],
  ['PORT', ' 3000'],
  ['PORT', '0x10'],
  ['RETRY_LIFE_HOURS', '0'],
  ['RETRY_LIFE_HOURS', '721'],
  ['RETRY_LIFE_HOURS', '1.5'],
  ['RETRY_LIFE_HOURS', '3d'],
  ['INBOX_SMTP_PORT', '99999'],
  ['API_LOG_DAYS', '0'],
  ['API_LOG_DAYS', '366'],
  ['API_LOG_DAYS', 'a week'],
  ['PUBLIC_URL', 'mail.example.com'],
  ['PUBLIC_URL', 'ftp://mail.example.com'],
  ['PUBLIC_URL', 'javascript:alert(1)'],
  ['SIGNUPS', 'closed'],
  ['OIDC_ISSUER', 'id.example.com'],
  ['TRUSTED_PROXIES', 'everyone'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TRUSTED_PROXIES', '10.0.0.1,'],
  ['TRUSTED_PROXIES', '1'],
  ['DATABASE_URL', 'db:5432'],
  ['DATABASE_URL', 'mysql://u:hidden@db/posthorn'],
  ['DATABASE_URL', 'postgres'],
  ['SMTP_URL', 'mail.example.com'],
  ['SMTP_URL', 'http://u:hidden@mail.example.com'],
  ['SMTP_URL', 'smtp://u:hidden@a.example,http://b.example'],
  ['SMTP_URL', 'smtp://u:hidden@a.example, b.example'],
  ['SMTP_URL', 'smtp://u:hidden@a.example,b.example'],
  ['SMTP_URL', 'smtp://u:hidden@a.example:port'],
  ['SMTP_URL', 'smtp://u:hidden@a.example?tlz=off'],
  ['SMTP_URL', 'smtp://u:hidden@a.example?tls=off'],
  ['POSTHORN_SECRET', 'hidden'],
  ['POSTHORN_SECRET', 'x'.repeat(64)],
  ['POSTHORN_SECRET', 'hidden'.repeat(8)],
  ['LOG_LEVEL', 'loud'],
])('%s=%s is refused in one line that names it, and repeats no secret', (name, value) => {
  const message = refusalOf({ [name]: value })
  expect(message).toMatch(new RegExp(`^The configuration is not usable\\. ${name}: .+\\.$`))
  expect(message).not.toMatch(/hidden|\n/)
})

test('all that is wrong is told at once', () => {
  const message = refusalOf({ PORT: 'x', LOG_LEVEL: 'x', POSTHORN_SECRET: 'x' })
  expect(message).toMatch(/^The configuration is not usable\. PORT: .+; POSTHORN_SECRET: .+; LOG_LEVEL: .+\.$/)
})

describe('an app', () => {
  test('reads what it picked and nothing else', () => {
    expect(readSettings({ PORT: '1', HOST: 'x', LOG_LEVEL: 'nonsense' }, { PORT: SETTINGS.PORT })).toEqual({ PORT: 1 })
  })

  test('can require what others leave out', () => {
    const picked = {
      DATABASE_URL: required(SETTINGS.DATABASE_URL),
      POSTHORN_SECRET: required(SETTINGS.POSTHORN_SECRET),
    }
    const must = 'The configuration is not usable. DATABASE_URL must be set; POSTHORN_SECRET must be set.'
    expect(refusalOf({}, picked)).toBe(must)
    expect(refusalOf({ DATABASE_URL: '', POSTHORN_SECRET: '' }, picked)).toBe(must)
    const given = { DATABASE_URL: 'postgres://db/posthorn', POSTHORN_SECRET: 'a master key for tests, long enough' }
    expect(readSettings(given, picked)).toEqual(given)
  })
})

test('every setting says what it is for', () => {
  for (const schema of Object.values(SETTINGS)) expect(schema.description).toMatch(/^[A-Z].+\.$/s)
})

describe('a provider to sign in with', () => {
  const providers = (env: Record<string, string>) => providersOf(readSettings(env, PROVIDER_SETTINGS))

  test('is there once all of its settings are', () => {
    expect(providers({})).toEqual({ github: undefined, google: undefined, oidc: undefined })
    expect(providers({ GITHUB_CLIENT_ID: 'a', GITHUB_CLIENT_SECRET: 'b' }).github).toEqual({
      clientId: 'a',
      clientSecret: 'b',
    })
    const oidc = { OIDC_ISSUER: 'https://id.example.com', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }
    expect(providers({ ...oidc, OIDC_NAME: 'Acme' }).oidc).toEqual({
      issuer: 'https://id.example.com',
      clientId: 'a',
      clientSecret: 'b',
      name: 'Acme',
    })
  })

  test.each([
    [{ GOOGLE_CLIENT_ID: 'a' }, 'GOOGLE_CLIENT_SECRET must be set where GOOGLE_CLIENT_ID is'],
    [{ OIDC_ISSUER: 'https://id.example.com', OIDC_CLIENT_ID: 'a' }, 'OIDC_CLIENT_SECRET must be set'],
  ])('is refused with half of them: %o', (env, words) => {
    expect(() => providers(env)).toThrow(SettingsError)
    expect(() => providers(env)).toThrow(words)
  })
})

describe('a bucket for pictures', () => {
  const bucket = (env: Record<string, string>) => bucketOf(readSettings(env, BUCKET_SETTINGS))
  const whole = {
    S3_ENDPOINT: 'https://s3.example.com/',
    S3_BUCKET: 'my.pictures-1',
    S3_ACCESS_KEY_ID: 'a',
    S3_SECRET_ACCESS_KEY: 'b',
  }

  test('is there once all of its settings are', () => {
    expect(bucket({})).toBeUndefined()
    expect(bucket(whole)).toEqual({
      endpoint: 'https://s3.example.com',
      bucket: 'my.pictures-1',
      region: 'us-east-1',
      accessKeyId: 'a',
      secretAccessKey: 'b',
    })
  })

  test('is refused with some of them, or with a name that leads elsewhere', () => {
    expect(() => bucket({ ...whole, S3_BUCKET: '' })).toThrow('S3_BUCKET must be set where S3_ENDPOINT and')
    expect(() => bucket({ ...whole, S3_BUCKET: 'a/b' })).toThrow('S3_BUCKET: expected the name of a bucket')
  })
})
