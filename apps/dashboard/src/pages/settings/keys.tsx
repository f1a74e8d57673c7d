import { Button, Group, SimpleGrid, Skeleton, Text, VisuallyHidden } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { LIMITS } from '@posthorn/contracts'
import { useEffect, useState } from 'react'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { Section } from '../../ui/section.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { CreateDialog } from './keys/create-dialog.tsx'
import { EndedKeys } from './keys/ended-keys.tsx'
import { KeyCard } from './keys/key-card.tsx'
import { KeyRow } from './keys/key-row.tsx'
import { sortKeys, type Key, type LivingKey } from './keys/living.ts'
import { Snippets } from './keys/snippets.tsx'
import { KIND_WORDS } from './keys/words.ts'

/** That a key was used is written down now and then, and announced to nobody. */
const LOOK_AGAIN_MS = 20_000

/** The keys of the project: the two that it was made with, and all others. */
export function Page() {
  const { can } = useProject()
  const { keys, query } = useAllKeys()
  const [isCreating, setCreating] = useState(false)
  const mayWrite = can('keys:write')
  useActions(
    mayWrite
      ? [
          {
            id: 'create-key',
            label: 'Create API key',
            group: 'This page',
            icon: IconPlus,
            run: () => setCreating(true),
          },
        ]
      : [],
  )
  return (
    <>
      <PageHeader
        title="API keys"
        lead={
          mayWrite
            ? 'What your apps identify themselves with.'
            : 'What your apps identify themselves with. Owners and admins can see the secret one, and change them.'
        }
        actions={
          mayWrite && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
              Create API key
            </Button>
          )
        }
      />
      {keys === undefined && query.isError && (
        <ErrorState title="API keys could not be loaded" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {keys === undefined && !query.isError && <Loading />}
      {keys !== undefined && <AllKeys keys={keys} onCreate={() => setCreating(true)} />}
      <CreateDialog opened={isCreating} onClose={() => setCreating(false)} />
    </>
  )
}

function AllKeys({ keys, onCreate }: { keys: readonly Key[]; onCreate(): void }) {
  const { can } = useProject()
  const { main, more, ended } = sortKeys(keys)
  return (
    <>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg" mb="lg">
        {(['secret', 'public'] as const).map((kind) => (
          <MainKey key={kind} kind={kind} of={main[kind]} />
        ))}
      </SimpleGrid>
      <Section
        title="More keys"
        lead="One for each app, with no more than it needs: then one can end without the others."
      >
        {more.map((key) => (
          // Its dialog shows the new key while the old one leaves the list.
          <KeyRow key={key.firstId} of={key} />
        ))}
        {more.length === 0 && (
          <Group justify="space-between">
            <Text c="dimmed">There are no others yet.</Text>
            {can('keys:write') && (
              <Button variant="default" onClick={onCreate}>
                Create one
              </Button>
            )}
          </Group>
        )}
        <EndedKeys keys={ended} />
      </Section>
      <Snippets publicKey={main.public?.publicKey ?? undefined} />
    </>
  )
}

function MainKey({ kind, of }: { kind: Key['kind']; of: LivingKey | undefined }) {
  if (of !== undefined) return <KeyCard of={of} />
  return (
    <div style={{ gridRow: 'span 4' }}>
      <EmptyState title={`No ${kind} key works`} icon={<IconKey size={22} />}>
        {KIND_WORDS[kind].title}s of the project were all revoked or have expired. Create one to go on.
      </EmptyState>
    </div>
  )
}

/** Every page of them, since which key replaced which is only known with all at hand. */
function useAllKeys() {
  const { trpc } = useProject()
  const query = useInfiniteQuery(
    trpc.keys.list.infiniteQueryOptions(
      { limit: LIMITS.pageSize },
      { getNextPageParam: nextCursor, refetchInterval: LOOK_AGAIN_MS },
    ),
  )
  const { hasNextPage, isFetching, isError, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage()
  }, [hasNextPage, isFetching, isError, fetchNextPage])
  return { query, keys: hasNextPage ? undefined : itemsOf(query.data) }
}

function Loading() {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg" aria-busy>
      <VisuallyHidden role="status">API keys are loading</VisuallyHidden>
      <Skeleton height={190} radius="md" />
      <Skeleton height={190} radius="md" />
    </SimpleGrid>
  )
}
