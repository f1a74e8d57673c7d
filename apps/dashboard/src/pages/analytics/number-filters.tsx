import { FilterBar, SelectFilter } from '../../ui/filters.tsx'
import { PeriodFilter } from '../../ui/period-filter.tsx'
import { activeCount } from '../../ui/active-count.ts'
import { STREAM_OPTIONS } from '../emails/status.tsx'
import { granularitiesOf, granularityOf, UNITS, zoneOf, type Span } from './asked.ts'
import type { NumberSearch } from './search.ts'
import { ZoneFilter } from './zone-filter.tsx'

interface NumberFiltersProps {
  search: NumberSearch
  span: Span
  onChange(change: NumberSearch): void
  onClear(): void
}

export function NumberFilters({ search, span, onChange, onClear }: NumberFiltersProps) {
  const { groupBy: _groupBy, ...filters } = search
  return (
    <FilterBar active={activeCount(filters)} onClear={onClear}>
      <PeriodFilter
        since={span.since}
        until={search.until}
        onChange={({ since, until }) => onChange({ since, until })}
      />
      <SelectFilter
        label="By"
        any={`${UNITS[granularityOf({}, span)]} (fits the period)`}
        options={granularitiesOf(span).map((value) => ({ value, label: UNITS[value] }))}
        value={search.granularity}
        onChange={(granularity) => onChange({ granularity })}
      />
      <SelectFilter
        label="Kind"
        any="Any kind"
        options={STREAM_OPTIONS}
        value={search.stream}
        onChange={(stream) => onChange({ stream })}
      />
      <ZoneFilter own={zoneOf({})} value={search.timeZone} onChange={(timeZone) => onChange({ timeZone })} />
    </FilterBar>
  )
}
