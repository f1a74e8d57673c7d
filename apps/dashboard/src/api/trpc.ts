import { LIMITS, type AppRouter } from '@posthorn/contracts'
import { QueryClient } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { isOutage } from './problem.ts'
import { reactingLink } from './reacting-link.ts'

const RETRIES = 3

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A notice of a change marks what is stale; this only spares a second look at the same page.
      staleTime: 10_000,
      networkMode: 'always',
      retry: (failures, error) => isOutage(error) && failures < RETRIES,
    },
    mutations: { networkMode: 'always' },
  },
})

function clientFor(projectId?: string) {
  const url = '/trpc'
  return createTRPCClient<AppRouter>({
    links: [
      reactingLink(projectId),
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ url, connectionParams: projectId === undefined ? {} : { projectId } }),
        false: httpBatchLink({
          url,
          maxItems: LIMITS.trpcBatchSize,
          headers: projectId === undefined ? {} : { 'X-Project-Id': projectId },
        }),
      }),
    ],
  })
}

/** The client of `trpc`, for calls that are neither read by it nor done by it. */
export const client = clientFor()

/** What is one's own, of no project: the account, the list of projects, the instance. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient })

export type ProjectTrpc = TRPCOptionsProxy<AppRouter, { keyPrefix: true }>

const projects = new Map<string, ProjectTrpc>()

/** What is of one project. Each has a client and keys of its own, so that no answer shows up under another project. */
export function projectTrpc(projectId: string): ProjectTrpc {
  const known = projects.get(projectId)
  if (known !== undefined) return known
  const made = createTRPCOptionsProxy<AppRouter, { keyPrefix: true }>({
    client: clientFor(projectId),
    queryClient,
    keyPrefix: projectId,
  })
  projects.set(projectId, made)
  return made
}

/** Forgets what was loaded of a project that one has left. */
export function forgetProject(projectId: string): void {
  queryClient.removeQueries({ queryKey: [[projectId]] })
}
