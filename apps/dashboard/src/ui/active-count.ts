/** How many filters are set. One that was dropped can still stand there as undefined. */
export const activeCount = (filters: object): number =>
  Object.values(filters).filter((value) => value !== undefined).length
