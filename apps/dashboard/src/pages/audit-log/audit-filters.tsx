import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { LIMITS } from '@posthorn/contracts'
import { useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { FilterBar } from '../../ui/filters.tsx'
import { PeriodFilter } from '../../ui/period-filter.tsx'
import { selectAll } from '../../ui/select-all.ts'
import { ACT_OPTIONS, labelOf } from './acts.ts'
import type { AuditFilters as Filters } from './search.ts'
import classes from '../../ui/filters.module.css'

interface AuditFiltersProps {
  filters: Filters
  /** By the entries that are on the screen: the name of whoever is filtered for, should they be gone. */
  actorName: string | undefined
  onChange(change: Partial<Filters>): void
  onClear(): void
}

export function AuditFilters({ filters, actorName, onChange, onClear }: AuditFiltersProps) {
  const { action } = filters
  const isKnown = action === undefined || ACT_OPTIONS.some(({ items }) => items.some(({ value }) => value === action))
  return (
    <FilterBar active={Object.keys(filters).length} onClear={onClear}>
      <ActorFilter value={filters.actor} name={actorName} onChange={(actor) => onChange({ actor })} />
      <Select
        label="What"
        className={classes.filter}
        searchable
        selectFirstOptionOnChange
        {...selectAll}
        data={[
          { value: '', label: 'Anything' },
          ...(isKnown ? [] : [{ value: action, label: labelOf(action) }]),
          ...ACT_OPTIONS,
        ]}
        value={action ?? ''}
        onChange={(chosen) => onChange({ action: chosen || undefined })}
      />
      <PeriodFilter since={filters.since} until={filters.until} onChange={onChange} />
    </FilterBar>
  )
}

interface ActorFilterProps {
  value: string | undefined
  name: string | undefined
  onChange(actor: string | undefined): void
}

const KINDS = [
  { value: '', label: 'Anybody' },
  { value: 'user', label: 'All people' },
  { value: 'key', label: 'All keys' },
  { value: 'system', label: 'The operator' },
]

/** Who could have done it is asked for when somebody wants to choose, not with every look at the log. */
function ActorFilter({ value, name, onChange }: ActorFilterProps) {
  const { trpc } = useProject()
  const [isOpened, setOpened] = useState(false)
  const members = useQuery(trpc.members.list.queryOptions({}, { enabled: isOpened }))
  const keys = useQuery(trpc.keys.list.queryOptions({ limit: LIMITS.pageSize }, { enabled: isOpened }))
  const people = members.data?.members.map((member) => ({ value: member.userId, label: member.name })) ?? []
  const keyOptions = keys.data?.data.map((key) => ({ value: key.id, label: `${key.name} ${key.hint.slice(-8)}` })) ?? []
  const isKnown = [...KINDS, ...people, ...keyOptions].some((option) => option.value === (value ?? ''))
  return (
    <Select
      label="Who"
      className={classes.filter}
      searchable
      selectFirstOptionOnChange
      {...selectAll}
      data={[
        ...KINDS,
        ...(isKnown || value === undefined ? [] : [{ value, label: name ?? value }]),
        { group: 'People', items: people },
        { group: 'Keys', items: keyOptions },
      ]}
      value={value ?? ''}
      onChange={(chosen) => onChange(chosen || undefined)}
      onDropdownOpen={() => setOpened(true)}
    />
  )
}
