import { Button, Text } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { aboveRowLink, DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'
import type { Template } from './kinds.tsx'
import type { Draft } from './use-draft.ts'

type Version = WireOutput<'templates', 'versions'>['data'][number]

/** What the template was and is, and the way back. */
export function Versions({ template, draft }: { template: Template; draft: Draft }) {
  const { id: projectId, trpc, can } = useProject()
  const queryClient = useQueryClient()
  const { id } = template
  const query = useInfiniteQuery(trpc.templates.versions.infiniteQueryOptions({ id }, { getNextPageParam: nextCursor }))
  const publish = useMutation(trpc.templates.publish.mutationOptions())
  const [asked, setAsked] = useState<number>()
  const [last, setLast] = useState<number>()
  const ask = (version: number) => {
    setAsked(version)
    setLast(version)
  }
  const columns: Column<Version>[] = [
    {
      header: 'Version',
      isTitle: true,
      width: '8rem',
      cell: ({ version }) => (
        <Link
          to="/p/$projectId/templates/$templateId"
          params={{ projectId, templateId: id }}
          search={{ tab: 'preview', version }}
          className={rowLink}
        >
          Version {version}
        </Link>
      ),
    },
    { header: 'Subject', isExtra: true, cell: ({ subject }) => subject },
    { header: 'State', width: '8rem', cell: (version) => <VersionState version={version} /> },
    { header: 'By', width: '10rem', isExtra: true, cell: ({ createdBy }) => createdBy ?? '' },
    { header: 'Written', width: '9rem', cell: ({ createdAt }) => <Time at={createdAt} inList /> },
    ...(can('templates:write') ? [publishing(ask)] : []),
  ]
  return (
    <>
      <DataList
        label="Versions"
        query={query}
        items={itemsOf(query.data)}
        keyOf={({ version }) => `${version}`}
        columns={columns}
        empty={<Text c="dimmed">There is no version.</Text>}
      />
      <ConfirmDialog
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={`Publish version ${last}?`}
        confirm="Publish version"
        isDangerous={false}
        onConfirm={async () => {
          if (asked === undefined) return
          await publish.mutateAsync({ id, version: asked })
          const latest = await queryClient.fetchQuery(trpc.templates.get.queryOptions({ id }, { staleTime: 0 }))
          draft.show(latest)
          await queryClient.invalidateQueries(trpc.templates.versions.pathFilter())
          await queryClient.invalidateQueries(trpc.templates.list.pathFilter())
        }}
      >
        It is what is sent from now on.
        {template.draftVersion !== null && template.draftVersion !== last && ' The draft stays.'}
        {draft.form.isDirty() && ' What you typed and did not save is lost.'}
      </ConfirmDialog>
    </>
  )
}

function VersionState({ version: { isPublished, isDraft, publishedAt } }: { version: Version }) {
  if (isPublished) return <StatusBadge tone="good">Published</StatusBadge>
  if (isDraft) return <StatusBadge tone="waiting">Draft</StatusBadge>
  return <StatusBadge tone="neutral">{publishedAt === null ? 'Never sent' : 'Earlier'}</StatusBadge>
}

const publishing = (ask: (version: number) => void): Column<Version> => ({
  header: 'Publish',
  isHeaderHidden: true,
  width: '11rem',
  align: 'right',
  cell: ({ version, isPublished }) =>
    !isPublished && (
      <Button size="compact-sm" variant="default" className={aboveRowLink} onClick={() => ask(version)}>
        Publish version {version}
      </Button>
    ),
})
