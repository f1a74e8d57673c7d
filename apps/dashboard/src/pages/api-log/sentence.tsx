import { Code } from '@mantine/core'

/** A sentence of the contracts, with what stands between backticks as code. */
export function Sentence({ children }: { children: string }) {
  // oxlint-disable-next-line react/no-array-index-key -- The parts of a sentence have no other name than their place.
  return children.split('`').map((part, place) => (place % 2 === 1 ? <Code key={place}>{part}</Code> : part))
}
