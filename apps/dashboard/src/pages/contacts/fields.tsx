import { ActionIcon, Group, Progress, Text } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { IconForms, IconListDetails, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { countedBy, ProjectJobs, type Job } from '../../shell/project-jobs.tsx'
import { useProject } from '../../shell/project-scope.ts'
import { aboveRowLink, DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { FilterBar, TextFilter } from '../../ui/filters.tsx'
import { NothingFits } from '../../ui/nothing-fits.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { TYPE_WORDS } from '../../ui/type-words.ts'
import { DeleteField } from './delete-field.tsx'
import { FieldDialog } from './field-dialog.tsx'

export type Field = WireOutput<'contacts', 'fields'>['fields'][number]

const route = getRouteApi('/in/p/$projectId/contacts/fields')

const number = new Intl.NumberFormat('en')

/** Which facts are known of contacts, and of how many. */
export function Page() {
  const { id: projectId, trpc, can } = useProject()
  const { search } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(trpc.contacts.fields.queryOptions({ search }))
  const [shown, setShown] = useState<Field>()
  const [asked, setAsked] = useState<Field>()
  const [started, setStarted] = useState<string>()
  const filter = (part?: string) =>
    void navigate({ to: '.', search: part === undefined ? {} : { search: part }, replace: true })
  return (
    <>
      <PageHeader title="Fields" lead="What is known of contacts, for templates and filters." />
      <ProjectJobs titles={TITLES} started={started} resultOf={resultOf} />
      <FilterBar active={search === undefined ? 0 : 1} onClear={() => filter()}>
        <TextFilter
          label="Name"
          placeholder="A part of it"
          of={['contacts', 'search']}
          value={search}
          onChange={(part) => filter(part)}
        />
      </FilterBar>
      <DataList
        label="Fields"
        query={query}
        items={query.data?.fields}
        keyOf={({ name }) => name}
        columns={[
          ...columns(projectId),
          actions({ show: setShown, ask: can('contacts:write') ? setAsked : undefined }),
        ]}
        empty={
          search === undefined ? (
            <EmptyState title="No fields yet" icon={<IconForms size={22} />}>
              What is sent as data with a mail, an event or a contact is kept here, field by field.
            </EmptyState>
          ) : (
            <NothingFits what="field" onClear={() => filter()}>
              No field has this in its name.
            </NothingFits>
          )
        }
      />
      {query.data?.isComplete === false && (
        <Text c="dimmed" size="sm" mt="sm">
          There are more fields than these {number.format(query.data.count)}; look for a part of the name.
        </Text>
      )}
      <FieldDialog field={shown} onClose={() => setShown(undefined)} />
      <DeleteField field={asked} onClose={() => setAsked(undefined)} onStarted={setStarted} />
    </>
  )
}

const TITLES = { 'contacts.delete-field': 'Deleting a field' }

const resultOf = (job: Job) => `Done: taken from ${number.format(countedBy(job, 'deletedFrom'))} contacts.`

/** The types of its values, the most frequent first. */
const typesOf = ({ types }: Field) =>
  Object.entries(types)
    .toSorted(([, a], [, b]) => b - a)
    .map(([type]) => TYPE_WORDS[type as Field['type']]) // Safe because these are its keys.
    .join(', ')

const columns = (projectId: string): Column<Field>[] => [
  {
    header: 'Field',
    isTitle: true,
    cell: ({ name }) => (
      <Link to="/p/$projectId/contacts" params={{ projectId }} search={{ field: name }} className={rowLink}>
        <span title={name}>{name}</span>
      </Link>
    ),
  },
  { header: 'Type', width: '10rem', cell: typesOf },
  { header: 'Contacts', isNamed: true, width: '8rem', align: 'right', cell: ({ count }) => number.format(count) },
  {
    header: 'Coverage',
    width: '11rem',
    cell: ({ name, coverage }) => (
      <Group gap="xs" wrap="nowrap" w="100%">
        <Progress
          value={coverage}
          size="sm"
          style={{ flex: 1, minWidth: '3rem' }}
          aria-label={`Coverage of ${name}`}
          aria-hidden
        />
        <Text size="sm" span>
          {coverage > 0 && coverage < 1 ? '< 1' : Math.round(coverage)} %
        </Text>
      </Group>
    ),
  },
]

interface Actions {
  show(field: Field): void
  /** Absent for who may not delete. */
  ask: ((field: Field) => void) | undefined
}

const actions = ({ show, ask }: Actions): Column<Field> => ({
  header: 'What to do',
  isHeaderHidden: true,
  width: '6rem',
  align: 'right',
  cell: (field) => (
    <Group gap={4} wrap="nowrap" justify="flex-end" className={aboveRowLink}>
      <ActionIcon variant="subtle" color="gray" aria-label={`Values of ${field.name}`} onClick={() => show(field)}>
        <IconListDetails size={17} aria-hidden />
      </ActionIcon>
      {ask !== undefined && (
        <ActionIcon variant="subtle" color="gray" aria-label={`Delete ${field.name}`} onClick={() => ask(field)}>
          <IconTrash size={17} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  ),
})
