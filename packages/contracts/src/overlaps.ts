/** How long a replaced key still works. `now` is for a key that leaked. */
export const OVERLAPS = { now: 0, '1h': 3_600, '24h': 86_400, '7d': 604_800 } as const
