import { Time } from '../../../ui/time.tsx'
import type { Key } from './living.ts'

/** When and from where a key was used last. */
export function LastUsed({ of: { lastUsedAt, lastUsedIp }, asSentence = false }: { of: Key; asSentence?: boolean }) {
  if (lastUsedAt === null) return <span>{asSentence ? 'It was never used.' : 'Never used'}</span>
  return (
    <span>
      {asSentence ? 'It was last used' : 'Last used'} <Time at={lastUsedAt} />
      {lastUsedIp !== null && ` from ${lastUsedIp}`}
      {asSentence && '.'}
    </span>
  )
}
