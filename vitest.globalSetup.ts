import { startTestCluster } from './packages/testkit/src/cluster.ts'
import { TEST_POSTGRES } from './packages/testkit/src/database.ts'

/** The workers are started later and inherit the variable. */
export default async function setup(): Promise<() => Promise<void>> {
  const cluster = await startTestCluster()
  process.env[TEST_POSTGRES] = cluster.connectionString
  return cluster.stop
}
