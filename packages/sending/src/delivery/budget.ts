/** A number of bytes that work may hold at once. */
export interface Budget {
  /** Waits until there is room. What is larger than all of it gets it alone. */
  take(bytes: number): Promise<void>
  giveBack(bytes: number): void
}

export function createBudget(total: number): Budget {
  let free = total
  const line: { bytes: number; go: () => void }[] = []
  const clip = (bytes: number) => Math.min(bytes, total)

  const admit = () => {
    for (let first = line[0]; first !== undefined && first.bytes <= free; first = line[0]) {
      line.shift()
      free -= first.bytes
      first.go()
    }
  }

  return {
    take: (bytes) =>
      new Promise((go) => {
        line.push({ bytes: clip(bytes), go })
        admit()
      }),
    giveBack(bytes) {
      free += clip(bytes)
      admit()
    },
  }
}
