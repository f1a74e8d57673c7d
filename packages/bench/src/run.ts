import type { Cluster } from './cluster.ts'
import type { Load } from './load/load.ts'
import type { Processes } from './processes.ts'
import type { Sink } from './sink/sink.ts'
import type { Sizes } from './sizes.ts'

/** What one run of the bench has started and every part of it needs. */
export type Run = {
  folder: string
  cluster: Cluster
  processes: Processes
  sink: Sink
  load: Load
  sizes: Sizes
}
