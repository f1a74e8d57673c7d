import { activeCount } from '../../ui/active-count.ts'
import { FilterBar, SelectFilter, TextFilter } from '../../ui/filters.tsx'
import { PeriodFilter } from '../../ui/period-filter.tsx'
import type { EmailFilters as Filters } from './search.ts'
import { STATUS_OPTIONS, STREAM_OPTIONS } from './status.tsx'

interface EmailFiltersProps {
  filters: Filters
  onChange(change: Partial<Filters>): void
  onClear(): void
}

export function EmailFilters({ filters, onChange, onClear }: EmailFiltersProps) {
  return (
    <FilterBar active={activeCount(filters)} onClear={onClear}>
      <TextFilter
        label="Search"
        placeholder="Address or subject"
        of={['emails', 'search']}
        value={filters.search}
        onChange={(search) => onChange({ search })}
      />
      <SelectFilter
        label="Status"
        any="Any status"
        options={STATUS_OPTIONS}
        value={filters.status}
        onChange={(status) => onChange({ status })}
      />
      <SelectFilter
        label="Kind"
        any="Any kind"
        options={STREAM_OPTIONS}
        value={filters.stream}
        onChange={(stream) => onChange({ stream })}
      />
      <TextFilter
        label="Recipient"
        placeholder="ada@example.com"
        of={['emails', 'to']}
        value={filters.to}
        onChange={(to) => onChange({ to })}
      />
      <TextFilter
        label="Subject"
        placeholder="A part of it"
        of={['emails', 'subject']}
        value={filters.subject}
        onChange={(subject) => onChange({ subject })}
      />
      <TextFilter
        label="Tag"
        placeholder="welcome"
        of={['emails', 'tag']}
        value={filters.tag}
        onChange={(tag) => onChange({ tag })}
      />
      <PeriodFilter since={filters.since} until={filters.until} onChange={onChange} />
    </FilterBar>
  )
}
