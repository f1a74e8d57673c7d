import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { activeCount } from '../../ui/active-count.ts'
import { FilterBar, SelectFilter, TextFilter } from '../../ui/filters.tsx'
import type { ContactFilters } from './search.ts'

interface ContactFilterBarProps {
  filters: ContactFilters
  onChange(change: ContactFilters): void
  onClear(): void
}

/** By a part of the address, by consent, and by what is in a field. */
export function ContactFilterBar({ filters, onChange, onClear }: ContactFilterBarProps) {
  return (
    <FilterBar active={activeCount(filters)} onClear={onClear}>
      <TextFilter
        label="Search"
        placeholder="A part of the address"
        of={['contacts', 'search']}
        value={filters.search}
        onChange={(search) => onChange({ search })}
      />
      <SelectFilter
        label="Consent"
        any="Any"
        options={CONSENTS}
        value={filters.subscribed === undefined ? undefined : `${filters.subscribed}`}
        onChange={(subscribed) => onChange({ subscribed })}
      />
      <FieldFilter
        value={filters.field}
        onChange={(field) => onChange(field === undefined ? { field, value: undefined } : { field })}
      />
      {filters.field !== undefined && (
        <TextFilter
          label="Value"
          placeholder="Any; or exactly this"
          of={['contacts', 'value']}
          value={filters.value}
          onChange={(value) => onChange({ value })}
        />
      )}
    </FilterBar>
  )
}

const CONSENTS = [
  { value: 'true', label: 'Subscribed' },
  { value: 'false', label: 'Not subscribed' },
] as const

/** Which fields there are is asked once somebody wants to see them. */
function FieldFilter({ value, onChange }: { value: string | undefined; onChange(field: string | undefined): void }) {
  const { trpc } = useProject()
  const [isWanted, setWanted] = useState(false)
  const { data } = useQuery(trpc.contacts.fields.queryOptions({}, { enabled: isWanted }))
  const names = new Set([...(value === undefined ? [] : [value]), ...(data?.fields.map(({ name }) => name) ?? [])])
  return (
    <SelectFilter
      label="Field"
      any="Any"
      options={[...names].map((name) => ({ value: name, label: name }))}
      value={value}
      onChange={onChange}
      onOpen={() => setWanted(true)}
      isSearchable
    />
  )
}
