import { z } from 'zod'

const Configuration = z.object({
  databaseUrl: z.string().default(''),
  redisPort: z.number().default(0),
  modulesFolder: z.string().default(''),
  port: z.number().default(0),
  smtpPort: z.number().default(0),
})

/** The peers get their settings as one JSON argument. */
export function peerConfiguration() {
  return Configuration.parse(JSON.parse(process.argv[2] ?? '{}'))
}

/** Ends with the bench, also when the bench was killed and could not say so. */
export function endWithParent(close: () => Promise<unknown>): void {
  const end = () => {
    void close().finally(() => process.exit())
  }
  process.once('SIGTERM', end)
  process.once('disconnect', end)
}
