import { z } from 'zod'
import { parseRateLimits } from './rate-limits.ts'
import { parseRelayUrl, splitRelayUrls } from './relay-url.ts'

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, { error: 'expected a port number' })
    .transform(Number)
    .refine((value) => value <= 65_535, { error: 'expected a port number' })
    .default(fallback)

/** The words are those of Express for private networks. */
const Network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), z.enum(['loopback', 'linklocal', 'uniquelocal'])])

// Of 32 hexadecimal digits by chance, fewer come up once in many million times.
const SECRET_VARIETY = 8

const text = () => z.string().optional()

function refuseRelayUrl(text: string): string | undefined {
  try {
    parseRelayUrl(text)
  } catch (error) {
    return error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
  }
  return undefined
}

const hours = (fallback: number, { least, most }: { least: number; most: number }) =>
  z
    .string()
    .regex(/^\d{1,6}$/, { error: 'expected a number of hours' })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error: `expected ${least} to ${most} hours` })
    .default(fallback)

/** Every setting of Posthorn, once. Each app's `env.ts` picks the ones it reads; `docs/configuration.md` lists them all. */
export const SETTINGS = {
  PORT: port(3000).describe('The port of the API. 0 picks a free one.'),
  HOST: z
    .string()
    .default('127.0.0.1')
    .describe('The address that the API listens on. `0.0.0.0` opens it to the network.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'expected a URL such as https://mail.example.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe('How the outside reaches the API. Unset: made of HOST and PORT.'),
  SIGNUPS: z
    .enum(['invitation', 'open'])
    .default('invitation')
    .describe('Who can make an account: those who are invited, or with `open` everybody who can reach the dashboard.'),
  GITHUB_CLIENT_ID: text().describe('With GITHUB_CLIENT_SECRET: people can sign in with GitHub.'),
  GITHUB_CLIENT_SECRET: text().describe('The secret of the OAuth app at GitHub.'),
  GOOGLE_CLIENT_ID: text().describe('With GOOGLE_CLIENT_SECRET: people can sign in with Google.'),
  GOOGLE_CLIENT_SECRET: text().describe('The secret of the OAuth client at Google.'),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'expected the URL of the provider, such as https://id.example.com' })
    .optional()
    .describe(
      'With OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: people can sign in with this provider of OpenID Connect. Its configuration is read from `/.well-known/openid-configuration` behind it.',
    ),
  OIDC_CLIENT_ID: text().describe('The id that Posthorn has at the provider in OIDC_ISSUER.'),
  OIDC_CLIENT_SECRET: text().describe('The secret that Posthorn has at the provider in OIDC_ISSUER.'),
  OIDC_NAME: z.string().max(50).default('Single sign-on').describe('What the button of that provider says.'),
  TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(',').map((entry) => entry.trim()))
    .refine((entries) => entries.every((entry) => Network.safeParse(entry).success), {
      error: 'expected addresses or networks such as 10.0.0.0/8, separated by commas',
    })
    .optional()
    .describe(
      'Addresses or networks (CIDR), separated by commas, of the proxies whose X-Forwarded-For is believed. Unset: nobody’s.',
    ),
  RATE_LIMITS: z
    .string()
    .transform((text, ctx) => {
      try {
        return parseRateLimits(text)
      } catch (error) {
        ctx.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
        return z.NEVER
      }
    })
    .optional()
    .describe(
      'How often things may be done: `on` for the [defaults](#rate_limits), or what differs from them, such as `key=50/10,recipient=off`. Unset or `off`: as often as anybody wants.',
    ),
  MAX_UPLOAD_MEMORY_MB: z
    .string()
    .regex(/^\d{1,6}$/, { error: 'expected a number of megabytes' })
    .transform(Number)
    // Of which mail has three quarters, and the largest request that carries mail must fit.
    .refine((value) => value >= 64, { error: 'expected at least 64' })
    .default(128)
    .describe(
      'How many megabytes (MiB) of request bodies over 64 KiB an API process holds at once, 64 at least. What exceeds it waits its turn.',
    ),
  POSTHORN_DATA_DIR: z.string().default('.data').describe('Where the standalone keeps its PostgreSQL and its secret.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/, error: 'expected a URL such as postgres://user:password@host:5432/posthorn' })
    .optional()
    .describe('A PostgreSQL 18 of your own. Unset: the standalone runs an embedded one.'),
  SMTP_URL: z
    .string()
    .transform(splitRelayUrls)
    .superRefine((urls, { addIssue }) => {
      for (const message of urls.map(refuseRelayUrl)) if (message !== undefined) addIssue({ code: 'custom', message })
    })
    .optional()
    .describe('The relay that mail goes to, or several separated by commas. Unset: mail stays in the built-in inbox.'),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'expected a URL such as https://s3.eu-central-1.amazonaws.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe(
      'With S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: pictures that are uploaded from then on are kept in this S3-compatible storage. Unset: in the database.',
    ),
  S3_BUCKET: z
    .string()
    .regex(/^[\w.-]+$/, { error: 'expected the name of a bucket' })
    .optional()
    .describe('The bucket, which is reached by path: `S3_ENDPOINT/S3_BUCKET/…`. It need not be public.'),
  S3_REGION: z.string().default('us-east-1').describe('The region that requests to the bucket are signed for.'),
  S3_ACCESS_KEY_ID: text().describe('Who may write to the bucket, read from it and delete in it.'),
  S3_SECRET_ACCESS_KEY: text().describe('The secret of that access key.'),
  RETRY_LIFE_HOURS: hours(72, { least: 1, most: 720 }).describe(
    'How many hours a mail that cannot be delivered is tried again, from when it was first due: 1 to 720. Then it has failed.',
  ),
  INBOX_SMTP_PORT: port(2525).describe('The port of the built-in inbox.'),
  API_LOG_DAYS: z
    .string()
    .regex(/^\d{1,3}$/, { error: 'expected a number of days from 1 to 365' })
    .transform(Number)
    .refine((days) => days >= 1 && days <= 365, { error: 'expected a number of days from 1 to 365' })
    .default(7)
    .describe('How many days the log of API requests is kept.'),
  POSTHORN_SECRET: z
    .string()
    .min(32, { error: 'expected at least 32 characters; `openssl rand -base64 32` makes some' })
    .refine((secret) => new Set(secret).size >= SECRET_VARIETY, {
      error: 'expected characters of chance, not the same few again and again; `openssl rand -base64 32` makes some',
    })
    .optional()
    .describe(
      'The master key that seals API keys in the database. The standalone makes one and keeps it in the data folder.',
    ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('How much is logged.'),
} as const satisfies Record<string, z.ZodType>

/** Makes an optional setting one that the app cannot start without. */
export const required = <Schema extends z.ZodOptional>(setting: Schema) =>
  setting.unwrap() as Schema extends z.ZodOptional<infer Inner> ? Inner : never

/** The environment does not make sense. The message says which setting, and why. */
export class SettingsError extends Error {
  /** Tells an operator's mistake from a fault. */
  readonly setting = true
}

/** Reads the picked settings. An empty value counts as unset, as it does in most places that set them. */
export function readSettings<Shape extends z.ZodRawShape>(
  env: Record<string, string | undefined>,
  picked: Shape,
): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in picked && value !== ''))
  const parsed = z.object(picked).safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0])
    return given[name] === undefined ? `${name} must be set` : `${name}: ${issue.message}`
  })
  throw new SettingsError(`The configuration is not usable. ${problems.join('; ')}.`)
}

/** What `providersOf` reads. */
export const PROVIDER_SETTINGS = {
  GITHUB_CLIENT_ID: SETTINGS.GITHUB_CLIENT_ID,
  GITHUB_CLIENT_SECRET: SETTINGS.GITHUB_CLIENT_SECRET,
  GOOGLE_CLIENT_ID: SETTINGS.GOOGLE_CLIENT_ID,
  GOOGLE_CLIENT_SECRET: SETTINGS.GOOGLE_CLIENT_SECRET,
  OIDC_ISSUER: SETTINGS.OIDC_ISSUER,
  OIDC_CLIENT_ID: SETTINGS.OIDC_CLIENT_ID,
  OIDC_CLIENT_SECRET: SETTINGS.OIDC_CLIENT_SECRET,
  OIDC_NAME: SETTINGS.OIDC_NAME,
}

type ProviderEnv = z.output<z.ZodObject<typeof PROVIDER_SETTINGS>>

/** Where else people can sign in. Half a set of settings is a mistake, never a provider that is silently missing. */
export function providersOf(env: ProviderEnv) {
  const github = whole(env, ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'])
  const google = whole(env, ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'])
  const oidc = whole(env, ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_ISSUER'])
  return {
    github: github && { clientId: github[0], clientSecret: github[1] },
    google: google && { clientId: google[0], clientSecret: google[1] },
    oidc: oidc && { clientId: oidc[0], clientSecret: oidc[1], issuer: oidc[2], name: env.OIDC_NAME },
  }
}

/** What `bucketOf` reads. */
export const BUCKET_SETTINGS = {
  S3_ENDPOINT: SETTINGS.S3_ENDPOINT,
  S3_BUCKET: SETTINGS.S3_BUCKET,
  S3_REGION: SETTINGS.S3_REGION,
  S3_ACCESS_KEY_ID: SETTINGS.S3_ACCESS_KEY_ID,
  S3_SECRET_ACCESS_KEY: SETTINGS.S3_SECRET_ACCESS_KEY,
}

type BucketEnv = z.output<z.ZodObject<typeof BUCKET_SETTINGS>>

/** Where pictures are kept; undefined: in the database. */
export function bucketOf(env: BucketEnv) {
  const set = whole(env, ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'])
  if (set === undefined) return undefined
  const [endpoint, bucket, accessKeyId, secretAccessKey] = set
  return { endpoint, bucket, region: env.S3_REGION, accessKeyId, secretAccessKey }
}

/** The values of settings that belong together; undefined where none is set. */
function whole<Env extends Record<string, unknown>, const Names extends (keyof Env & string)[]>(
  env: Env,
  names: Names,
) {
  const missing = names.filter((name) => env[name] === undefined)
  if (missing.length === names.length) return undefined
  if (missing.length > 0) {
    const set = names.filter((name) => env[name] !== undefined)
    throw new SettingsError(
      `The configuration is not usable. ${missing.join(' and ')} must be set where ${set.join(' and ')} is.`,
    )
  }
  return names.map((name) => env[name]) as { [Place in keyof Names]: string } // Safe because none is missing.
}
