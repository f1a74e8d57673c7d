import type { WireOutput } from '@posthorn/contracts'
import { Checkbox } from '@mantine/core'
import { IconAddressBook } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { activeCount } from '../../ui/active-count.ts'
import { DataList, aboveRowLink, rowLink, type Column } from '../../ui/data-list.tsx'
import { ExportMenu } from '../../ui/export-menu.tsx'
import { NothingFits } from '../../ui/nothing-fits.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { AddContact } from './add-contact.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { ConsentBadge } from './consent.tsx'
import { ContactFilterBar } from './contact-filters.tsx'
import { ContactJobs } from './contact-jobs.tsx'
import { ContactTotal } from './contact-total.tsx'
import { useSelection, type Selection } from './selection.ts'

type Contact = WireOutput<'contacts', 'list'>['data'][number]

const route = getRouteApi('/in/p/$projectId/contacts/')

export function Page() {
  const { id: projectId, trpc, can } = useProject()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(trpc.contacts.list.infiniteQueryOptions(search, { getNextPageParam: nextCursor }))
  const clear = () => void navigate({ to: '.', search: {}, replace: true })
  const active = activeCount(search)
  const items = itemsOf(query.data)
  const selection = useSelection(search)
  const mayChange = can('contacts:write')
  const [started, setStarted] = useState<string>()
  return (
    <>
      <PageHeader
        title="Contacts"
        lead="The people that this project knows, by their addresses."
        actions={
          <>
            <ExportMenu noun="contacts" filters={search} />
            <AddContact />
          </>
        }
      />
      <ContactFilterBar
        filters={search}
        onChange={(change) => void navigate({ to: '.', search: { ...search, ...change }, replace: true })}
        onClear={clear}
      />
      <ContactJobs started={started} />
      <ContactTotal of={query.data?.pages[0]} isFiltered={active > 0} />
      {mayChange && items !== undefined && items.length > 0 && (
        <BulkBar
          selection={selection}
          shown={items.map(({ id }) => id)}
          hasMore={query.hasNextPage}
          onStarted={setStarted}
        />
      )}
      <DataList
        label="Contacts"
        query={query}
        items={items}
        keyOf={({ id }) => id}
        columns={[...(mayChange ? [picking(selection, items ?? [])] : []), ...columns(projectId)]}
        empty={
          active > 0 ? (
            <NothingFits what="contact" onClear={clear}>
              No contact fits this. A shorter part of an address finds more; a value has to be the whole of it.
            </NothingFits>
          ) : (
            <EmptyState title="No contacts yet" icon={<IconAddressBook size={22} />}>
              Whoever gets a mail or has an event becomes a contact by itself; your app can also add them through the
              API.
            </EmptyState>
          )
        }
      />
    </>
  )
}

const picking = (selection: Selection, shown: readonly Contact[]): Column<Contact> => ({
  header: 'Select',
  isHeaderHidden: true,
  width: '3.25rem',
  cell: ({ id, email }) => (
    <Checkbox
      size="md"
      className={aboveRowLink}
      aria-label={`Select ${email}`}
      checked={selection.has(id)}
      onChange={({ nativeEvent }) => {
        // Safe because a checkbox is changed by a click, also with the keyboard.
        const { shiftKey } = nativeEvent as MouseEvent
        if (shiftKey)
          selection.extendTo(
            id,
            shown.map((contact) => contact.id),
          )
        else selection.toggle(id)
      }}
    />
  ),
})

const columns = (projectId: string): Column<Contact>[] => [
  {
    header: 'Address',
    isTitle: true,
    cell: ({ id, email }) => (
      <Link to="/p/$projectId/contacts/$contactId" params={{ projectId, contactId: id }} className={rowLink}>
        <span title={email}>{email}</span>
      </Link>
    ),
  },
  { header: 'Consent', width: '10rem', cell: (contact) => <ConsentBadge {...contact} /> },
  { header: 'Data', width: '9rem', isExtra: true, cell: ({ data }) => Object.keys(data).join(', ') },
  {
    header: 'Changed',
    width: '9rem',
    isExtra: 'first',
    align: 'right',
    cell: ({ updatedAt }) => <Time at={updatedAt} inList />,
  },
  { header: 'Known since', width: '9rem', align: 'right', cell: ({ createdAt }) => <Time at={createdAt} inList /> },
]
