import { Autocomplete, Button, Popover, Stack, TextInput } from '@mantine/core'
import { RichTextEditor } from '@mantine/tiptap'
import { IconBraces } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../../shell/project-scope.ts'

/** Known of every recipient. */
const BUILT_IN = ['email', 'unsubscribeUrl', 'manageUrl', 'subscribeUrl', 'locale']

interface VariableMenuProps {
  /** The names of the values that the template declares at this moment. */
  declared(): string[]
  onInsert(name: string, fallback: string): void
}

/** Puts a value of the recipient where the cursor is. */
export function VariableMenu({ declared, onInsert }: VariableMenuProps) {
  const { trpc } = useProject()
  const [isOpen, setOpen] = useState(false)
  const { data } = useQuery(trpc.contacts.fields.queryOptions({}, { enabled: isOpen }))
  const ofContacts = (data?.fields ?? [])
    // In a text, an object would be printed as JSON.
    .filter(({ type }) => type !== 'object')
    .map(({ name }) => name)
    .toSorted((a, b) => a.localeCompare(b))
  const names = isOpen ? [...new Set([...declared(), ...ofContacts, ...BUILT_IN])] : []
  const [name, setName] = useState('')
  const [fallback, setFallback] = useState('')
  const insert = () => {
    if (name.trim() === '') return
    setOpen(false)
    onInsert(name.trim(), fallback)
    setName('')
    setFallback('')
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus withinPortal shadow="md" width={280}>
      <Popover.Target>
        <RichTextEditor.Control
          aria-label="Insert variable"
          title="Insert variable"
          onClick={() => setOpen((open) => !open)}
        >
          <IconBraces size={16} aria-hidden />
        </RichTextEditor.Control>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Autocomplete
            label="Variable"
            description="What contacts have, or what a send brings along."
            data={names}
            value={name}
            onChange={setName}
            onOptionSubmit={setName}
            comboboxProps={{ withinPortal: false }}
            limit={20}
            data-autofocus
          />
          <TextInput
            label="In its place"
            description="Where a recipient has none."
            value={fallback}
            onChange={(event) => setFallback(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              insert()
            }}
          />
          <Button onClick={insert} disabled={name.trim() === ''}>
            Insert
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
