import { LIMITS, type WireOutput } from '@posthorn/contracts'
import { useQueries } from '@tanstack/react-query'
import { useProject } from '../../shell/project-scope.ts'
import { sortKeys, type Key } from '../settings/keys/living.ts'

type Email = WireOutput<'emails', 'list'>['data'][number]

/** How far the project is on its way to the first mail, all of it read from the server. */
export interface Progress {
  /** The secret key to send with; undefined where none works. */
  key: Key | undefined
  /** Whether a secret key was copied or used. */
  isKeyTaken: boolean
  /** The last mail that was accepted. */
  latest: Email | undefined
  /** The last mail that arrived, as far as the SMTP conversation tells. */
  arrived: Email | undefined
  isDone: boolean
}

/** One round trip; a notice of a change asks for the part that changed again. */
export function useProgress() {
  const { trpc, can } = useProject()
  return useQueries({
    queries: [
      trpc.keys.list.queryOptions({ limit: LIMITS.pageSize }),
      trpc.emails.list.queryOptions({ limit: 1 }),
      trpc.emails.list.queryOptions({ limit: 1, status: 'sent' }),
      // That somebody had a key shown or copied it stands in the audit log, which not every role may read.
      trpc.audit.list.queryOptions(
        { limit: 1, action: 'key.revealed', actor: 'user' },
        { enabled: can('audit:read'), staleTime: 0 },
      ),
    ],
    combine([keys, accepted, sent, revealed]) {
      const failed = [keys, accepted, sent].find(({ isError }) => isError)
      return {
        data:
          keys.data && accepted.data && sent.data
            ? progressOf(
                keys.data.data,
                accepted.data.data[0],
                sent.data.data[0],
                (revealed.data?.data ?? []).length > 0,
              )
            : undefined,
        isError: failed !== undefined,
        error: failed?.error,
        refetch: () => void Promise.all([keys, accepted, sent].map((query) => query.refetch())),
      }
    },
  })
}

function progressOf(
  keys: Key[],
  latest: Email | undefined,
  arrived: Email | undefined,
  wasRevealed: boolean,
): Progress {
  const isUsed = keys.some(({ kind, lastUsedAt }) => kind === 'secret' && lastUsedAt !== null)
  const isKeyTaken = isUsed || wasRevealed || latest !== undefined
  return {
    key: sortKeys(keys).main.secret,
    isKeyTaken,
    latest,
    arrived,
    isDone: arrived !== undefined,
  }
}
