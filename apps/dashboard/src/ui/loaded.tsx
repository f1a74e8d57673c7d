import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ErrorCode } from '@posthorn/contracts'
import { IconMapQuestion } from '@tabler/icons-react'
import { codeOf } from '../api/problem.ts'
import { PageHeader } from './page-header.tsx'
import { EmptyState, ErrorState } from './states.tsx'

interface Missing {
  code: ErrorCode
  /** "No such email". */
  title: string
  /** Why that may be. */
  why: string
  /** Leads to the list. */
  action: ReactNode
}

interface LoadedProps<Data> {
  query: { data: Data | undefined; isError: boolean; error: unknown; refetch(): unknown }
  /** What the page is called while its data is not there. */
  title: string
  /** What to say where nothing is at this address. */
  missing?: Missing
  children(data: Data): ReactNode
}

/** A page or a part of it around one query: its shape while it loads, and what went wrong when it does not. */
export function Loaded<Data>({ query, title, missing, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data)
  if (missing !== undefined && isMissing(query.error, missing)) {
    return (
      <>
        <PageHeader title={missing.title} />
        <EmptyState title="Nothing is at this address" icon={<IconMapQuestion size={22} />} action={missing.action}>
          {missing.why}
        </EmptyState>
      </>
    )
  }
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

/** An id that was cut off is of nothing either, and of a page that is all that can be invalid. */
function isMissing(error: unknown, { code }: Missing): boolean {
  const is = codeOf(error)
  return is === code || is === 'VALIDATION_ERROR'
}
