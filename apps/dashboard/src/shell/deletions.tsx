import { useQuery } from '@tanstack/react-query'
import { trpc } from '../api/trpc.ts'
import { JobProgress } from '../ui/job-progress.tsx'
import classes from './deletions.module.css'

const LOOK_AGAIN_MS = 2_000

/** How far the projects are that are being deleted; nothing while there are none. */
export function Deletions() {
  const { data } = useQuery(
    trpc.projects.list.queryOptions(
      {},
      // Nobody is a member of them any more, so nobody is told.
      { refetchInterval: ({ state }) => state.data?.data.some(({ deletion }) => deletion !== null) && LOOK_AGAIN_MS },
    ),
  )
  return data?.data.map(
    ({ id, name, deletion }) =>
      deletion !== null && (
        <div key={id} className={classes.deletion}>
          <JobProgress title={`Deleting ${name}`} label={`Deletion of ${name}`} percent={percent(deletion)}>
            {percent(deletion) < 100 ? `${percent(deletion)} %` : 'Almost done'}
          </JobProgress>
        </div>
      ),
  )
}

const percent = ({ doneRows, totalRows }: { doneRows: number; totalRows: number }) =>
  totalRows === 0 ? 100 : Math.floor((doneRows / totalRows) * 100)
