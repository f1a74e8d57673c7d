import { Skeleton } from '@mantine/core'
import type { WirePeopleOutput } from '@posthorn/contracts'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { trpc } from '../../api/trpc.ts'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './instance.module.css'

const LOOK_AGAIN_MS = 10_000
/** The server counts no further. */
const COUNTED_AT_MOST = 10_000

export function Numbers() {
  const query = useQuery(trpc.instance.get.queryOptions({}, { refetchInterval: LOOK_AGAIN_MS }))
  if (query.data !== undefined) return <Tiles of={query.data} />
  if (query.isError) {
    return (
      <ErrorState title="The numbers could not be loaded" error={query.error} onRetry={() => void query.refetch()} />
    )
  }
  return <Skeleton height={92} mb="lg" radius="md" />
}

function Tiles({ of }: { of: WirePeopleOutput<'instance', 'get'> }) {
  const { version, projects, users, waitingEmails, oldestDueAt, captures } = of
  const waiting = `${waitingEmails.toLocaleString()}${waitingEmails >= COUNTED_AT_MOST ? '+' : ''}`
  return (
    <dl className={classes.tiles}>
      <Tile name="Version" note={captures ? 'Mail goes to the built-in inbox' : 'Mail goes out by a relay'}>
        {version}
      </Tile>
      <Tile name="Projects">{projects.toLocaleString()}</Tile>
      <Tile name="People">{users.toLocaleString()}</Tile>
      <Tile
        name="Mail that waits"
        note={
          oldestDueAt === null ? (
            'None of it is overdue'
          ) : (
            <>
              The oldest was due <Time at={oldestDueAt} />
            </>
          )
        }
      >
        {waiting}
      </Tile>
    </dl>
  )
}

function Tile({ name, note, children }: { name: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.tile}>
      <dt>{name}</dt>
      <dd className={classes.number}>{children}</dd>
      {note !== undefined && <dd className={classes.note}>{note}</dd>}
    </div>
  )
}
