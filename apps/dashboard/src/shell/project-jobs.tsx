import { Button, CloseButton, Group, Paper, Stack } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { JobProgress } from '../ui/job-progress.tsx'
import { useProject } from './project-scope.ts'

export type Job = WireOutput<'jobs', 'list'>['data'][number]

const SHOWN = 5
/** For how long a job that is over is shown to somebody who comes by. */
const RECENT_MS = 120_000

interface ProjectJobsProps {
  /** What a kind of job is called while it runs; other kinds are not shown. */
  titles: Partial<Record<Job['kind'], string>>
  /** The one that was started here. It has the focus, since the button that started it may be gone. */
  started: string | undefined
  /** What came of one that is done, in words. */
  resultOf(job: Job): string
}

/** How far jobs of a project are; those that are over stay until somebody has seen them. */
export function ProjectJobs({ titles, started, resultOf }: ProjectJobsProps) {
  const { trpc, can } = useProject()
  const queryClient = useQueryClient()
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set())
  const { data } = useQuery(trpc.jobs.list.queryOptions({ limit: SHOWN }, { enabled: can('jobs:read') }))
  const cancel = useMutation(
    trpc.jobs.cancel.mutationOptions({ onSettled: () => queryClient.invalidateQueries(trpc.jobs.pathFilter()) }),
  )
  const jobs = data?.data.filter((job) => job.kind in titles && !dismissed.has(job.id) && isOfInterest(job))
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
              <JobProgress title={titles[job.kind] ?? job.kind} label="Progress" percent={job.progress.percent}>
                {wordsOf(job, resultOf)}
              </JobProgress>
            </div>
            {job.finishedAt === null ? (
              can('jobs:write') &&
              // A person who was promised to be erased is erased.
              job.kind !== 'contacts.erase' && (
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

function wordsOf(job: Job, resultOf: ProjectJobsProps['resultOf']): string {
  const { done, total } = job.progress
  const far = total === null ? `${done}` : `${done} of ${total}`
  if (job.status === 'waiting') return 'Waits for its turn.'
  if (job.status === 'running') return total === null ? 'Counts what there is to do.' : far
  if (job.status === 'failed') return `Failed after ${far}: ${job.error}`
  if (job.status === 'cancelled') return `Cancelled after ${far}. What was done stays done.`
  return resultOf(job)
}

/** A number of the result of a job. */
export const countedBy = ({ result }: Job, name: string): number => {
  const count = result?.[name]
  return typeof count === 'number' ? count : 0
}
