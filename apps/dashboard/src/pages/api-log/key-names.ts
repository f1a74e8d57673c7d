import { LIMITS } from '@posthorn/contracts'
import { useQuery } from '@tanstack/react-query'
import { useProject } from '../../shell/project-scope.ts'

export type KeyNames = ReadonlyMap<string, { name: string; hint: string }>

/** The keys of the project by id, those that ended too: their requests are still in the log. */
export function useKeyNames(): KeyNames {
  const { trpc } = useProject()
  const { data } = useQuery(trpc.keys.list.queryOptions({ limit: LIMITS.pageSize }))
  return new Map(data?.data.map(({ id, name, hint }) => [id, { name, hint }]))
}
