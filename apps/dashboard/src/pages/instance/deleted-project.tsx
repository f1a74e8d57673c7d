import { Anchor, Button, Drawer, UnstyledButton } from '@mantine/core'
import type { WirePeopleOutput } from '@posthorn/contracts'
import { IconHistory } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import { useAccount } from '../../shell/person.tsx'
import { CsvExport } from '../../ui/csv-export.tsx'
import { DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { nameOf, placeOf, sentenceOf, type Entry } from '../audit-log/acts.ts'
import { Facts } from '../audit-log/entry-drawer.tsx'
import { NotForYou } from './not-for-you.tsx'
import classes from './instance.module.css'

type DeletedProject = WirePeopleOutput<'instance', 'deletedProject'>

const route = getRouteApi('/in/instance/deleted/$deletedId')

/** What was done in a project that is no more, for whoever owns the instance. */
export function Page() {
  const { isInstanceOwner } = useAccount()
  return isInstanceOwner ? <Deleted /> : <NotForYou />
}

function Deleted() {
  const { deletedId: projectId } = route.useParams()
  const query = useQuery(trpc.instance.deletedProject.queryOptions({ projectId }))
  return (
    <>
      <Anchor size="sm" mb="xs" display="inline-block" renderRoot={(props) => <Link to="/instance" {...props} />}>
        Instance
      </Anchor>
      <Loaded
        query={query}
        title="Deleted project"
        missing={{
          code: 'PROJECT_NOT_FOUND',
          title: 'No such deleted project',
          why: 'Its audit log may have been kept long enough, the project may not be deleted, or the link was cut off.',
          action: <Button renderRoot={(props) => <Link to="/instance" {...props} />}>To the instance</Button>,
        }}
      >
        {(project) => <Log project={project} />}
      </Loaded>
    </>
  )
}

function Log({ project: { projectId, name, deletedAt, auditKeptUntil } }: { project: DeletedProject }) {
  const queryClient = useQueryClient()
  const query = useInfiniteQuery(
    trpc.instance.auditOf.infiniteQueryOptions({ projectId }, { getNextPageParam: nextCursor }),
  )
  const [shown, setShown] = useState<Entry>()
  const load = (cursor: string | undefined) =>
    queryClient.fetchQuery(trpc.instance.exportAuditOf.queryOptions({ projectId, cursor }, { gcTime: 0, staleTime: 0 }))
  return (
    <>
      <PageHeader
        title={name}
        documentTitle={`Audit log of ${name}`}
        lead={
          <>
            This project was deleted <Time at={deletedAt} />. Its audit log is kept until{' '}
            <Time at={auditKeptUntil} exact />.
          </>
        }
        actions={<CsvExport name={`audit-log-${projectId}`} what="audit log" load={load} />}
      />
      <DataList
        label="Entries"
        query={query}
        items={itemsOf(query.data)}
        keyOf={({ id }) => id}
        columns={columns(setShown)}
        empty={
          <EmptyState title="Nothing is written down" icon={<IconHistory size={22} />}>
            Nothing was done in this project.
          </EmptyState>
        }
      />
      <Drawer opened={shown !== undefined} onClose={() => setShown(undefined)} position="right" size="lg" title="Entry">
        {shown !== undefined && <Facts entry={shown} />}
      </Drawer>
    </>
  )
}

const columns = (show: (entry: Entry) => void): Column<Entry>[] => [
  {
    header: 'What',
    isTitle: true,
    cell: (entry) => (
      <UnstyledButton className={`${rowLink} ${classes.act}`} onClick={() => show(entry)}>
        <b>{nameOf(entry.actor)}</b> {sentenceOf(entry)}
      </UnstyledButton>
    ),
  },
  { header: 'From', width: '11rem', cell: (entry) => <span title={placeOf(entry)}>{placeOf(entry)}</span> },
  { header: 'When', width: '9rem', align: 'right', cell: ({ at }) => <Time at={at} inList /> },
]
