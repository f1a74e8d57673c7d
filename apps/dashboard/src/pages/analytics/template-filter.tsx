import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { SelectFilter } from '../../ui/filters.tsx'

interface TemplateFilterProps {
  value: string | undefined
  onChange(id: string | undefined): void
}

const OFFERED = 100

/** The newest templates by name, which are asked for when somebody wants to see them. */
export function TemplateFilter({ value, onChange }: TemplateFilterProps) {
  const { trpc } = useProject()
  const [isWanted, setWanted] = useState(value !== undefined)
  const { data } = useQuery(trpc.templates.list.queryOptions({ limit: OFFERED }, { enabled: isWanted }))
  const options = (data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))
  const chosen =
    value === undefined || options.some((option) => option.value === value) ? [] : [{ value, label: value }]
  return (
    <SelectFilter
      label="Template"
      any="Any template"
      options={[...options, ...chosen]}
      value={value}
      onChange={onChange}
      onOpen={() => setWanted(true)}
      isSearchable
    />
  )
}
