import { Button, CloseButton, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback, useDisclosure, useId } from '@mantine/hooks'
import { IconFilter, IconFilterOff } from '@tabler/icons-react'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { problemWith, type FilterName } from './check-filter.ts'
import classes from './filters.module.css'

interface FilterBarProps {
  children: ReactNode
  /** How many filters are set. */
  active: number
  onClear(): void
}

/** A row of filters above a list, with a way to drop them all. Folded up where the screen is narrow. */
export function FilterBar({ children, active, onClear }: FilterBarProps) {
  const [isOpen, { toggle }] = useDisclosure(active > 0)
  const id = useId()
  return (
    <div role="search" className={classes.bar}>
      <Button
        variant="default"
        className={classes.toggle}
        leftSection={<IconFilter size={16} aria-hidden />}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={toggle}
      >
        Filters{active > 0 && ` (${active})`}
      </Button>
      <div id={id} className={classes.filters} data-open={isOpen}>
        {children}
        {active > 0 && (
          <Button
            variant="subtle"
            className={classes.clear}
            leftSection={<IconFilterOff size={16} aria-hidden />}
            onClick={onClear}
          >
            Clear filters
          </Button>
        )}
      </div>
    </div>
  )
}

interface SelectFilterProps<Value extends string> {
  label: string
  /** What stands for no filter. */
  any: string
  options: readonly { value: Value; label: string }[]
  value: Value | undefined
  onChange(value: Value | undefined): void
  /** Lets one type a part of the name, where there are many. */
  isSearchable?: boolean
  /** Told when the choice is about to be shown, for options that are loaded only then. */
  onOpen?(): void
}

export function SelectFilter<Value extends string>(props: SelectFilterProps<Value>) {
  const { label, any, options, value, onChange, isSearchable = false, onOpen } = props
  return (
    <Select
      label={label}
      className={classes.filter}
      {...(isSearchable
        ? { data: options, value: value ?? null, placeholder: any, searchable: true, clearable: true }
        : { data: [{ value: '', label: any }, ...options], value: value ?? '' })}
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
      nothingFoundMessage="Nothing of this name."
      onChange={(chosen) => onChange(chosen === '' || chosen === null ? undefined : chosen)}
      {...(onOpen !== undefined && { onDropdownOpen: onOpen })}
    />
  )
}

interface TextFilterProps {
  label: string
  placeholder?: string
  /** The field of the contract; what does not fit it is said here, and asked of nobody. */
  of: FilterName
  value: string | undefined
  onChange(value: string | undefined): void
}

/** Long enough not to ask for each letter. */
const PAUSE_MS = 400

/** Applies after a pause in typing, on Enter and on leaving the field. */
export function TextFilter({ label, placeholder, of, value, onChange }: TextFilterProps) {
  const [typed, setTyped] = useState(value ?? '')
  const [error, setError] = useState<string>()
  const [seen, setSeen] = useState(value)
  const [applied, setApplied] = useState(value)
  if (value !== seen) {
    setSeen(value)
    // The address changed by other means, as by the back button; what was applied here leaves the typing alone.
    if (value !== applied) {
      setApplied(value)
      setTyped(value ?? '')
      setError(undefined)
    }
  }
  const apply = async (text: string, isPause = false) => {
    const wanted = text.trim() === '' ? undefined : text.trim()
    if (wanted === value) return setError(undefined)
    const problem = wanted === undefined ? undefined : await problemWith(of, wanted)
    // Half an address is no fault yet.
    setError(isPause ? undefined : problem)
    if (problem !== undefined) return
    setApplied(wanted)
    onChange(wanted)
  }
  const applyInPause = useDebouncedCallback((text: string) => void apply(text, true), PAUSE_MS)
  const applyNow = (text: string) => {
    applyInPause.cancel()
    void apply(text)
  }
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      className={classes.filter}
      value={typed}
      error={error}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        applyInPause(event.currentTarget.value)
      }}
      onBlur={() => applyNow(typed)}
      onKeyDown={(event: KeyboardEvent) => event.key === 'Enter' && applyNow(typed)}
      rightSection={
        typed !== '' && (
          <CloseButton
            size="sm"
            aria-label={`Clear ${label.toLowerCase()}`}
            onClick={() => {
              setTyped('')
              applyNow('')
            }}
          />
        )
      }
    />
  )
}
