import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { PageHeader } from './page-header.tsx'
import { ErrorState } from './states.tsx'

interface LoadedProps<Data> {
  query: { data: Data | undefined; isError: boolean; error: unknown; refetch(): unknown }
  /** What the page is called while its data is not there. */
  title: string
  children(data: Data): ReactNode
}

/** A page or a part of it around one query: its shape while it loads, and what went wrong when it does not. */
export function Loaded<Data>({ query, title, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) {
    return (
      <>
        <PageHeader title={title} />
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </>
    )
  }
  return (
    <Stack aria-busy>
      <VisuallyHidden role="status">{`${title} is loading`}</VisuallyHidden>
      <Skeleton height={26} width="min(24rem, 80%)" />
      <Skeleton height={14} width="min(16rem, 60%)" />
      <Skeleton height={160} mt="md" />
    </Stack>
  )
}
