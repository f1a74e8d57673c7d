import { drive } from './drive.ts'
import type { LoadPlan } from './plan.ts'

process.once('disconnect', () => process.exit())
process.once('message', (plan) => {
  // Safe because the only parent is load/load.ts, which sends a LoadPlan.
  drive(plan as LoadPlan).then(
    (result) => process.send?.(result, () => process.exit()),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
