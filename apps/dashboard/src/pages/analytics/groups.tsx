import { SegmentedControl, Group, Title } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { IconChartBar } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { DataList, rowLink, type Column, type ListQuery } from '../../ui/data-list.tsx'
import { deliveryRate, inFigures } from '../../ui/mail-rates.ts'
import { EmptyState } from '../../ui/states.tsx'
import { STREAM_WORDS } from '../emails/status.tsx'
import type { NumberSearch } from './search.ts'

type OneGroup = WireOutput<'analytics', 'timeseries'>['groups'][number]
type By = NonNullable<NumberSearch['groupBy']>

const WORDS: Record<By, { title: string; rest: string; none: string }> = {
  domain: { title: 'Domains', rest: 'All other domains', none: '' },
  template: { title: 'Templates', rest: 'All other templates', none: 'No template' },
  stream: { title: 'Kinds', rest: '', none: '' },
}

const CHOICES = Object.entries(WORDS).map(([value, { title }]) => ({ value, label: title }))

interface GroupsProps {
  by: By
  groups: readonly OneGroup[]
  query: ListQuery
  onChange(by: By): void
}

/** The same mails, told apart. */
export function Groups({ by, groups, query, onChange }: GroupsProps) {
  const { id: projectId } = useProject()
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" mt="xl" mb="sm">
        <Title order={2} id={id}>
          Breakdown
        </Title>
        <SegmentedControl
          aria-label="Break down by"
          data={CHOICES}
          value={by}
          onChange={(value) => onChange(value as By)} // Safe because these are its choices.
        />
      </Group>
      <DataList
        label={WORDS[by].title}
        query={query}
        items={groups}
        keyOf={({ kind, id }) => id ?? kind}
        columns={columns(by, projectId)}
        empty={
          <EmptyState title="No mail in this time" icon={<IconChartBar size={22} />}>
            Numbers appear here as soon as mail is accepted. Look at a longer time, or send one.
          </EmptyState>
        }
      />
    </section>
  )
}

function nameOf(by: By, { kind, id, name }: OneGroup): string {
  if (kind === 'rest') return WORDS[by].rest
  if (kind === 'none') return WORDS[by].none
  if (by === 'stream') return STREAM_WORDS[id as keyof typeof STREAM_WORDS] // Safe because the group is of a stream.
  return name ?? 'A template that was deleted'
}

const columns = (by: By, projectId: string): Column<OneGroup>[] => [
  {
    header: WORDS[by].title.replace(/s$/, ''),
    isTitle: true,
    cell: (group) =>
      by === 'template' && group.kind === 'named' && group.name !== null ? (
        <Link
          to="/p/$projectId/templates/$templateId"
          params={{ projectId, templateId: group.id ?? '' }}
          className={rowLink}
        >
          <span title={group.name}>{group.name}</span>
        </Link>
      ) : (
        nameOf(by, group)
      ),
  },
  { header: 'Accepted', isNamed: true, width: '8rem', align: 'right', cell: ({ total }) => inFigures(total.accepted) },
  { header: 'Sent', isNamed: true, width: '8rem', align: 'right', cell: ({ total }) => inFigures(total.sent) },
  { header: 'Failed', isNamed: true, width: '8rem', align: 'right', cell: ({ total }) => inFigures(total.failed) },
  {
    header: 'Put off',
    isNamed: true,
    width: '8rem',
    align: 'right',
    isExtra: true,
    cell: ({ total }) => inFigures(total.deferred),
  },
  { header: 'Delivery rate', isNamed: true, width: '9rem', align: 'right', cell: ({ total }) => deliveryRate(total) },
]
