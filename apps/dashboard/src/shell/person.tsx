import { useSuspenseQuery } from '@tanstack/react-query'
import { trpc } from '../api/trpc.ts'

/** Who is signed in. Loaded before any page below the shell. */
export const useAccount = () => useSuspenseQuery(trpc.account.get.queryOptions({})).data

/** The projects that one works on, by name; those that are being deleted are left out. */
export function useProjects() {
  const { data } = useSuspenseQuery(trpc.projects.list.queryOptions({}))
  return data.data.filter(({ deletion }) => deletion === null)
}
