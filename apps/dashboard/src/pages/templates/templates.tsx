import type { WireOutput } from '@posthorn/contracts'
import { IconTemplate } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { activeCount } from '../../ui/active-count.ts'
import { DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { FilterBar, SelectFilter, TextFilter } from '../../ui/filters.tsx'
import { NothingFits } from '../../ui/nothing-fits.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { CreateTemplate } from './create-template.tsx'
import { TemplateState, TYPE_OPTIONS, typeWord } from './kinds.tsx'

type Template = WireOutput<'templates', 'list'>['data'][number]

const route = getRouteApi('/in/p/$projectId/templates')

export function Page() {
  const { id: projectId, trpc } = useProject()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(trpc.templates.list.infiniteQueryOptions(search, { getNextPageParam: nextCursor }))
  const clear = () => void navigate({ to: '.', search: {}, replace: true })
  const active = activeCount(search)
  return (
    <>
      <PageHeader
        title="Templates"
        lead="Mails that are written once, and filled in for each recipient."
        actions={<CreateTemplate />}
      />
      <FilterBar active={active} onClear={clear}>
        <TextFilter
          label="Search"
          placeholder="A part of the name or subject"
          of={['templates', 'search']}
          value={search.search}
          onChange={(part) => void navigate({ to: '.', search: { ...search, search: part }, replace: true })}
        />
        <SelectFilter
          label="Type"
          any="Any"
          options={TYPE_OPTIONS}
          value={search.type}
          onChange={(type) => void navigate({ to: '.', search: { ...search, type }, replace: true })}
        />
      </FilterBar>
      <DataList
        label="Templates"
        query={query}
        items={itemsOf(query.data)}
        keyOf={({ id }) => id}
        columns={columns(projectId)}
        empty={
          active > 0 ? (
            <NothingFits what="template" onClear={clear}>
              No template fits this. A shorter part of a name finds more.
            </NothingFits>
          ) : (
            <EmptyState title="No templates yet" icon={<IconTemplate size={22} />}>
              A template is a mail with places for what differs from one recipient to the next. Your app sends it by its
              name.
            </EmptyState>
          )
        }
      />
    </>
  )
}

const columns = (projectId: string): Column<Template>[] => [
  {
    header: 'Name',
    isTitle: true,
    cell: ({ id, name }) => (
      <Link to="/p/$projectId/templates/$templateId" params={{ projectId, templateId: id }} className={rowLink}>
        <span title={name}>{name}</span>
      </Link>
    ),
  },
  { header: 'Subject', isExtra: true, cell: ({ subject }) => subject },
  { header: 'Type', width: '8rem', cell: ({ type }) => typeWord(type) },
  { header: 'State', width: '8rem', cell: (template) => <TemplateState template={template} /> },
  { header: 'Created', width: '9rem', align: 'right', cell: ({ createdAt }) => <Time at={createdAt} inList /> },
]
