import type { SyntheticEvent } from 'react'

/** For a `Select` that can be searched: what is typed after a click takes the place of what was chosen. */
export const selectAll = {
  onClick: (event: SyntheticEvent<HTMLInputElement>) => event.currentTarget.select(),
}
