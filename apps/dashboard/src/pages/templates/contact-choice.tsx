import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'

interface ContactChoiceProps {
  description: string
  /** The address of a contact; undefined: nobody. */
  value: string | undefined
  onChange(email: string | undefined): void
}

const OFFERED = 20
/** Long enough not to ask for each letter. */
const PAUSE_MS = 300

/** Whose data fills a template. */
export function ContactChoice({ description, value, onChange }: ContactChoiceProps) {
  const { trpc } = useProject()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed === value ? '' : typed.trim(), PAUSE_MS)
  const { data } = useQuery(
    trpc.contacts.list.queryOptions(
      { limit: OFFERED, ...(search !== '' && { search }) },
      { placeholderData: keepPreviousData },
    ),
  )
  const emails = new Set([...(value === undefined ? [] : [value]), ...(data?.data ?? []).map(({ email }) => email)])
  return (
    <Select
      label="Contact"
      description={description}
      placeholder="Nobody"
      data={[...emails]}
      value={value ?? null}
      onChange={(email) => onChange(email ?? undefined)}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Clear contact' }}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage="No contact has this in its address."
      maw="30rem"
    />
  )
}
