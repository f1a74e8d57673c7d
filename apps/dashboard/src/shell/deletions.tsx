import { Progress, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { trpc } from '../api/trpc.ts'
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
          <Text size="sm" truncate title={name}>
            Deleting {name}
          </Text>
          <Progress.Root size="sm">
            <Progress.Section value={percent(deletion)} aria-label={`Deletion of ${name}`} />
          </Progress.Root>
          <Text size="xs" c="dimmed">
            {percent(deletion) < 100 ? `${percent(deletion)} %` : 'Almost done'}
          </Text>
        </div>
      ),
  )
}

const percent = ({ doneRows, totalRows }: { doneRows: number; totalRows: number }) =>
  totalRows === 0 ? 100 : Math.floor((doneRows / totalRows) * 100)
