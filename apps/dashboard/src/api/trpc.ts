import type { AppRouter } from '@posthorn/contracts'
import { TRPC_BATCH_SIZE } from '@posthorn/contracts/trpc-batch'
import { QueryClient } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { isOutage } from './problem.ts'
import { reactingLink } from './reacting-link.ts'
import { gateLink } from './stream-gate.ts'

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
      ...(projectId === undefined ? [] : [gateLink(projectId)]),
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ url, connectionParams: projectId === undefined ? {} : { projectId } }),
        false: httpBatchLink({
          url,
          maxItems: TRPC_BATCH_SIZE,
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

const projects = new Map<string, { trpc: ProjectTrpc; client: ReturnType<typeof clientFor> }>()

function projectOf(projectId: string) {
  const known = projects.get(projectId)
  if (known !== undefined) return known
  const client = clientFor(projectId)
  const trpc = createTRPCOptionsProxy<AppRouter, { keyPrefix: true }>({ client, queryClient, keyPrefix: projectId })
  const made = { trpc, client }
  projects.set(projectId, made)
  return made
}

/** What is of one project. Each has a client and keys of its own, so that no answer shows up under another project. */
export const projectTrpc = (projectId: string): ProjectTrpc => projectOf(projectId).trpc

/** The client of a `projectTrpc`, for what is no query of a page. */
export const projectClient = (projectId: string) => projectOf(projectId).client

/** Forgets what was loaded of a project that one has left. */
export function forgetProject(projectId: string): void {
  queryClient.removeQueries({ queryKey: [[projectId]] })
}
