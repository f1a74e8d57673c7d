import { Text } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'

type Total = Pick<WireOutput<'contacts', 'list'>, 'total' | 'totalIs'>

/** How many there are, as surely as it is known. */
export function ContactTotal({ of, isFiltered }: { of: Total | undefined; isFiltered: boolean }) {
  if (of === undefined || of.total === 0) return null
  return (
    <Text c="dimmed" size="sm" mb="sm">
      {wordsOf(of)}
      {isFiltered && (of.total === 1 ? ' fits' : ' fit')}
    </Text>
  )
}

const number = new Intl.NumberFormat('en')

function wordsOf({ total, totalIs }: Total): string {
  const noun = total === 1 ? 'contact' : 'contacts'
  if (totalIs === 'exact') return `${number.format(total)} ${noun}`
  if (totalIs === 'at-least') return `At least ${number.format(total)} ${noun}`
  return `About ${number.format(total < 1000 ? total : Number(total.toPrecision(2)))} ${noun}`
}
