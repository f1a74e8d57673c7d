import { Text } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useProject } from '../../shell/project-scope.ts'
import { DataList, type Column } from '../../ui/data-list.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { Time } from '../../ui/time.tsx'
import type { Contact } from './contact.tsx'
import { Part } from './part.tsx'

type Decision = WireOutput<'contacts', 'consentLog'>['data'][number]

const SHOWN = 10

/** What a contact agreed to and refused, and how one knows. */
export function ConsentLog({ contact: { id } }: { contact: Contact }) {
  const { trpc } = useProject()
  const query = useInfiniteQuery(
    trpc.contacts.consentLog.infiniteQueryOptions({ id, limit: SHOWN }, { getNextPageParam: nextCursor }),
  )
  return (
    <Part title="Consent">
      <DataList
        label="Decisions"
        query={query}
        items={itemsOf(query.data)}
        keyOf={({ id: decision }) => decision}
        columns={COLUMNS}
        empty={
          <Text c="dimmed">
            Nobody has decided anything yet. What they agree to and refuse is kept here, as the proof.
          </Text>
        }
      />
    </Part>
  )
}

const WAYS: Record<Decision['how'], string> = {
  page: 'by the page in their mail',
  'one-click': 'by the button of their mail program',
  confirmation: 'confirmed by mail',
  api: 'through the API',
  dashboard: 'in the dashboard',
  bulk: 'together with others',
  import: 'with an import',
  system: 'by Posthorn',
}

const wordsOf = ({ subscribed, topic }: Decision) => {
  if (topic === null) return subscribed ? 'Subscribed' : 'Unsubscribed'
  return subscribed ? `Chose ${topic}` : `Left ${topic}`
}

/** Who said it and where, as far as it is known. */
const proofOf = ({ how, actor, source, text, ip, userAgent }: Decision) =>
  [WAYS[how], actor?.name, source, text === null ? null : `“${text}”`, ip, userAgent].filter(Boolean).join(' · ')

const COLUMNS: Column<Decision>[] = [
  { header: 'Decision', isTitle: true, width: '14rem', cell: wordsOf },
  { header: 'How one knows', cell: proofOf },
  { header: 'When', width: '9rem', align: 'right', cell: ({ at }) => <Time at={at} inList /> },
]
