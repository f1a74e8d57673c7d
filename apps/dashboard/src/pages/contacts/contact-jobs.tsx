import { Button, CloseButton, Group, Paper, Stack } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { JobProgress } from '../../ui/job-progress.tsx'

type Job = WireOutput<'jobs', 'list'>['data'][number]

const SHOWN = 5
/** For how long a job that is over is shown to somebody who comes by. */
const RECENT_MS = 120_000

const TITLES: Record<string, string> = {
  'contacts.subscribe': 'Subscribing contacts',
  'contacts.unsubscribe': 'Unsubscribing contacts',
  'contacts.delete': 'Deleting contacts',
}

/**
 * How far the jobs are that work on many contacts; those that are over stay until somebody has seen them. What was started
 * here has the focus, since the buttons that started it are gone.
 */
export function ContactJobs({ started }: { started: string | undefined }) {
  const { trpc, can } = useProject()
  const queryClient = useQueryClient()
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set())
  const { data } = useQuery(trpc.jobs.list.queryOptions({ limit: SHOWN }, { enabled: can('jobs:read') }))
  const cancel = useMutation(
    trpc.jobs.cancel.mutationOptions({ onSettled: () => queryClient.invalidateQueries(trpc.jobs.pathFilter()) }),
  )
  const jobs = data?.data.filter(({ kind, id, ...job }) => kind in TITLES && !dismissed.has(id) && isOfInterest(job))
  const startedRef = useRef<HTMLDivElement>(null)
  const listed = jobs?.find(({ id }) => id === started)?.id
  useEffect(() => {
    if (listed !== undefined) startedRef.current?.focus()
  }, [listed])
  if (jobs === undefined || jobs.length === 0) return null
  return (
    <Stack gap="xs" mb="sm" role="status" aria-label="Jobs">
      {jobs.map((job) => (
        <Paper key={job.id} p="sm" ref={job.id === started ? startedRef : undefined} tabIndex={-1}>
          <Group wrap="nowrap" align="flex-start">
            <div style={{ flex: 1, minWidth: 0 }}>
              <JobProgress title={TITLES[job.kind] ?? job.kind} label="Progress" percent={job.progress.percent}>
                {wordsOf(job)}
              </JobProgress>
            </div>
            {job.finishedAt === null ? (
              can('jobs:write') && (
                <Button
                  size="compact-sm"
                  variant="default"
                  loading={cancel.isPending}
                  onClick={() => cancel.mutate({ id: job.id })}
                >
                  Cancel
                </Button>
              )
            ) : (
              <CloseButton aria-label="Dismiss" onClick={() => setDismissed(new Set([...dismissed, job.id]))} />
            )}
          </Group>
        </Paper>
      ))}
    </Stack>
  )
}

const isOfInterest = ({ finishedAt }: Pick<Job, 'finishedAt'>) =>
  finishedAt === null || Date.now() - Date.parse(finishedAt) < RECENT_MS

function wordsOf({ status, progress, result, error }: Job): string {
  const { done, total } = progress
  const far = total === null ? `${done}` : `${done} of ${total}`
  if (status === 'waiting') return 'Waits for its turn.'
  if (status === 'running') return total === null ? 'Counts the contacts.' : far
  if (status === 'failed') return `Failed after ${far}: ${error}`
  if (status === 'cancelled') return `Cancelled after ${far}. What was done stays done.`
  const counted = (name: string) => (typeof result?.[name] === 'number' ? result[name] : 0)
  const parts = [
    `Done: ${counted('successCount')} changed`,
    ...(counted('unchangedCount') > 0 ? [`${counted('unchangedCount')} were so already`] : []),
    ...(counted('failureCount') > 0 ? [`${counted('failureCount')} were not found`] : []),
  ]
  return `${parts.join(', ')}.`
}
