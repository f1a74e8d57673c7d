import { startTestCluster } from './packages/testkit/src/cluster.ts'
import { COMPILE_CACHE } from './packages/testkit/src/compile-cache.ts'
import { TEST_POSTGRES } from './packages/testkit/src/database.ts'

/** The workers are started later and inherit the variables, and most processes that tests start inherit theirs. */
export default async function setup(): Promise<() => Promise<void>> {
  const cluster = await startTestCluster()
  process.env[TEST_POSTGRES] = cluster.connectionString
  process.env['NODE_COMPILE_CACHE'] ??= COMPILE_CACHE
  return cluster.stop
}
