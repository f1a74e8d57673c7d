import { useState } from 'react'
import { SelectFilter } from '../../ui/filters.tsx'

interface OperationFilterProps {
  value: string | undefined
  onChange(value: string | undefined): void
}

/** The names of all operations are loaded when somebody wants to see them; the one that is chosen is known before. */
export function OperationFilter({ value, onChange }: OperationFilterProps) {
  const [all, setAll] = useState<readonly { value: string; label: string }[]>()
  const chosen = value === undefined ? [] : [{ value, label: value }]
  return (
    <SelectFilter
      label="Operation"
      any="Any operation"
      options={all ?? chosen}
      value={value}
      onChange={onChange}
      onOpen={() => void import('./operation-options.ts').then(({ OPERATIONS }) => setAll(OPERATIONS))}
      isSearchable
    />
  )
}
