import { feed } from './feed.ts'

process.once('disconnect', () => process.exit())
process.once('message', (plan) => {
  // Safe because the only parent is limits.ts, which sends such a plan.
  feed(plan as Parameters<typeof feed>[0]).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})
