import { useState } from 'react'
import { SelectFilter } from '../../ui/filters.tsx'

interface ZoneFilterProps {
  /** That of the viewer. */
  own: string
  value: string | undefined
  onChange(timeZone: string | undefined): void
}

/** The names of all zones are gathered when somebody wants to see them. */
export function ZoneFilter({ own, value, onChange }: ZoneFilterProps) {
  const [all, setAll] = useState<readonly string[]>()
  const names = [...new Set(all ?? ['UTC', ...(value === undefined ? [] : [value])])]
  return (
    <SelectFilter
      label="Time zone"
      any={`Yours (${own})`}
      options={names.map((name) => ({ value: name, label: name }))}
      value={value}
      onChange={onChange}
      onOpen={() => setAll(['UTC', ...Intl.supportedValuesOf('timeZone')])}
      isSearchable
    />
  )
}
