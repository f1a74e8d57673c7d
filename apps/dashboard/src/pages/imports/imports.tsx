import { ActionIcon } from '@mantine/core'
import { IconFileImport, IconTrash } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { aboveRowLink, DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { ImportStatus, isUnderWay, nameOf, type Import } from './import-status.tsx'
import { UploadBox } from './upload-box.tsx'

const number = new Intl.NumberFormat('en')

/** Files of contacts: a new one, and those that were. */
export function Page() {
  const { id: projectId, trpc, can } = useProject()
  const queryClient = useQueryClient()
  const [asked, setAsked] = useState<Import>()
  const query = useInfiniteQuery(trpc.imports.list.infiniteQueryOptions({}, { getNextPageParam: nextCursor }))
  const remove = useMutation(
    trpc.imports.delete.mutationOptions({ onSettled: () => queryClient.invalidateQueries(trpc.imports.pathFilter()) }),
  )
  const mayChange = can('contacts:write')
  return (
    <>
      <PageHeader title="Imports" lead="Contacts from a spreadsheet or another program." />
      {mayChange && <UploadBox />}
      <DataList
        label="Imports"
        query={query}
        items={itemsOf(query.data)}
        keyOf={({ id }) => id}
        columns={[...columns(projectId), ...(mayChange ? [actions(setAsked)] : [])]}
        empty={
          <EmptyState title="No imports yet" icon={<IconFileImport size={22} />}>
            What was imported within the last 30 days stands here, with what became of each row.
          </EmptyState>
        }
      />
      <ConfirmDialog
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title="Delete this import?"
        confirm="Delete import"
        onConfirm={() => remove.mutateAsync({ id: asked?.id ?? '' })}
      >
        {asked && nameOf(asked)} is deleted with its report. Contacts that it stored stay.
      </ConfirmDialog>
    </>
  )
}

const columns = (projectId: string): Column<Import>[] => [
  {
    header: 'File',
    isTitle: true,
    cell: (one) => (
      <Link
        to="/p/$projectId/contacts/imports/$importId"
        params={{ projectId, importId: one.id }}
        className={rowLink}
        title={nameOf(one)}
      >
        {nameOf(one)}
      </Link>
    ),
  },
  { header: 'State', width: '8rem', cell: (one) => <ImportStatus of={one} /> },
  { header: 'Rows', width: '8rem', align: 'right', cell: ({ rows }) => number.format(rows) },
  { header: 'Report', width: '8rem', align: 'right', isExtra: true, cell: ({ problems }) => number.format(problems) },
  { header: 'Uploaded', width: '9rem', align: 'right', cell: ({ createdAt }) => <Time at={createdAt} inList /> },
]

const actions = (ask: (one: Import) => void): Column<Import> => ({
  header: 'What to do',
  isHeaderHidden: true,
  width: '4rem',
  align: 'right',
  cell: (one) =>
    isUnderWay(one) ? null : (
      <ActionIcon
        variant="subtle"
        color="gray"
        className={aboveRowLink}
        aria-label={`Delete ${nameOf(one)}`}
        onClick={() => ask(one)}
      >
        <IconTrash size={17} aria-hidden />
      </ActionIcon>
    ),
})
