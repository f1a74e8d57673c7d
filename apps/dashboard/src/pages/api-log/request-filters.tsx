import { ERRORS } from '@posthorn/contracts'
import { activeCount } from '../../ui/active-count.ts'
import { FilterBar, SelectFilter, TextFilter } from '../../ui/filters.tsx'
import { PeriodFilter } from '../../ui/period-filter.tsx'
import type { KeyNames } from './key-names.ts'
import { OperationFilter } from './operation-filter.tsx'
import type { RequestFilters as Filters } from './search.ts'
import { STATUS_CLASSES } from './status.tsx'

interface RequestFiltersProps {
  filters: Filters
  keyNames: KeyNames
  onChange(change: Partial<Filters>): void
  onClear(): void
}

const CODES = Object.keys(ERRORS)
  .toSorted()
  .map((code) => ({ value: code, label: code }))

const CALLERS = [
  { value: 'key', label: 'With a key' },
  { value: 'person', label: 'People' },
] as const

export function RequestFilters({ filters, keyNames, onChange, onClear }: RequestFiltersProps) {
  return (
    <FilterBar active={activeCount(filters)} onClear={onClear}>
      <TextFilter
        label="Request id"
        placeholder="X-Request-ID"
        of={['requests', 'requestId']}
        value={filters.requestId}
        onChange={(requestId) => onChange({ requestId })}
      />
      <SelectFilter
        label="Asked by"
        any="Anybody"
        options={CALLERS}
        value={filters.caller}
        onChange={(caller) => onChange({ caller })}
      />
      <SelectFilter
        label="Key"
        any="Any key"
        options={[...keyNames].map(([value, { name, hint }]) => ({ value, label: `${name} (${hint})` }))}
        value={filters.keyId}
        onChange={(keyId) => onChange({ keyId })}
      />
      <SelectFilter
        label="Status"
        any="Any status"
        options={STATUS_CLASSES}
        value={filters.statusClass}
        onChange={(statusClass) => onChange({ statusClass })}
      />
      <OperationFilter value={filters.operation} onChange={(operation) => onChange({ operation })} />
      <SelectFilter
        label="Error code"
        any="Any code"
        options={CODES}
        value={filters.code}
        onChange={(code) => onChange({ code })}
        isSearchable
      />
      <PeriodFilter since={filters.since} until={filters.until} onChange={onChange} />
    </FilterBar>
  )
}
