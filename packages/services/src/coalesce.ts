export interface CoalesceOptions<Item, Result> {
  /** Answers item for item. What it throws is thrown to every caller of the batch. */
  run: (items: Item[]) => Promise<Result[]>
  maxBatch: number
  /** Callers that arrive while this many batches are on their way wait, and form the next one together. */
  maxInFlight: number
}

/** Lets calls that arrive together share one run. A call never joins a run that has begun, so it never sees old data. */
export function coalesce<Item, Result>({ run, maxBatch, maxInFlight }: CoalesceOptions<Item, Result>) {
  const waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = []
  let inFlight = 0
  let scheduled = false

  const schedule = () => {
    if (scheduled || inFlight >= maxInFlight || waiting.length === 0) return
    scheduled = true
    // One turn of the event loop: whatever is already in the sockets comes along.
    setImmediate(() => {
      scheduled = false
      void start()
    })
  }

  const start = async () => {
    const batch = waiting.splice(0, maxBatch)
    inFlight += 1
    schedule()
    try {
      const results = await run(batch.map(({ item }) => item))
      // Safe because `run` answers item for item.
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result))
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      inFlight -= 1
      schedule()
    }
  }

  return (item: Item): Promise<Result> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      schedule()
    })
}
