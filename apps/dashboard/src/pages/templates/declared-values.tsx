import { ActionIcon, Button, Input, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { LIMITS } from '@posthorn/contracts'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { TYPE_WORDS } from '../../ui/type-words.ts'
import { readRows, writeRows, type VariableRow } from './variables.ts'
import classes from './declared-values.module.css'

interface DeclaredValuesProps {
  initial: string
  onChange(rows: string): void
  /** By path, such as `variables.0.name`; those of all of them at `variables`. */
  errors: Readonly<Record<string, unknown>>
  readOnly: boolean
}

const TYPES = Object.entries(TYPE_WORDS).map(([value, label]) => ({ value, label }))
const TRUTHS = [
  { value: '', label: 'None' },
  { value: 'true', label: 'true' },
  { value: 'false', label: 'false' },
]
const HINT =
  'What a send brings along, beside what contacts have. Without a fallback, it has to bring the value; "" is an empty text.'
const NEW: VariableRow = { name: '', type: 'string', fallback: '' }

/** What a send brings along for a template, one row for each value. */
export default function DeclaredValues({ initial, onChange, errors, readOnly }: DeclaredValuesProps) {
  const [rows, setRows] = useState(() => readRows(initial).map((row, key) => ({ key, ...row })))
  const nextKey = useRef(rows.length)
  const list = useRef<HTMLDivElement>(null)
  /** What has the focus once it is there. */
  const wantedRef = useRef<string>(undefined)
  useEffect(() => {
    if (wantedRef.current === undefined) return
    list.current?.querySelector<HTMLElement>(`[data-path="${wantedRef.current}"]`)?.focus()
    wantedRef.current = undefined
  })
  const change = (next: typeof rows) => {
    setRows(next)
    onChange(writeRows(next.map(({ name, type, fallback }) => ({ name, type, fallback }))))
  }
  const errorOf = (path: string) => {
    const error = errors[path]
    return typeof error === 'string' ? error : undefined
  }
  return (
    <Input.Wrapper
      label="Declared values"
      labelElement="div"
      description={HINT}
      error={errorOf('variables')}
      inputWrapperOrder={['label', 'description', 'error', 'input']}
    >
      <Stack gap="sm" mt="xs" ref={list} align="flex-start">
        {readOnly && rows.length === 0 && <Text c="dimmed">None.</Text>}
        {rows.map(({ key, ...row }, place) => (
          <Row
            key={key}
            row={row}
            place={place}
            errorOf={errorOf}
            readOnly={readOnly}
            onChange={(changed) => change(rows.with(place, { key, ...row, ...changed }))}
            onRemove={() => {
              change(rows.toSpliced(place, 1))
              wantedRef.current = rows.length === 1 ? 'variables' : `remove.${Math.min(place, rows.length - 2)}`
            }}
          />
        ))}
        {!readOnly && (
          <Button
            size="compact-md"
            variant="default"
            data-path="variables"
            leftSection={<IconPlus size={16} aria-hidden />}
            disabled={rows.length >= LIMITS.variablesPerTemplate}
            onClick={() => {
              change([...rows, { key: nextKey.current++, ...NEW }])
              wantedRef.current = `variables.${rows.length}.name`
            }}
          >
            Add value
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  )
}

interface RowProps {
  row: VariableRow
  place: number
  errorOf(path: string): string | undefined
  readOnly: boolean
  onChange(changed: Partial<VariableRow>): void
  onRemove(): void
}

function Row({ row: { name, type, fallback }, place, errorOf, readOnly, onChange, onRemove }: RowProps) {
  const field = (of: 'name' | 'fallback', label: string) => ({
    label,
    'aria-label': `${label} of value ${place + 1}`,
    'data-path': `variables.${place}.${of}`,
    className: classes[of],
    error: errorOf(`variables.${place}.${of}`),
    value: of === 'name' ? name : fallback,
  })
  return (
    <div className={classes.row} role="group" aria-label={`Value ${place + 1}`} style={{ width: '100%' }}>
      <TextInput
        {...field('name', 'Name')}
        maxLength={LIMITS.dataKeyLength}
        autoComplete="off"
        spellCheck={false}
        readOnly={readOnly}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <NativeSelect
        label="Type"
        aria-label={`Type of value ${place + 1}`}
        className={classes.type}
        data={TYPES}
        value={type}
        disabled={readOnly}
        onChange={(event) => onChange({ type: event.currentTarget.value as VariableRow['type'] })} // Safe because these are its choices.
      />
      {type === 'boolean' && TRUTHS.some(({ value }) => value === fallback) ? (
        <NativeSelect
          {...field('fallback', 'Fallback')}
          data={TRUTHS}
          disabled={readOnly}
          onChange={(event) => onChange({ fallback: event.currentTarget.value })}
        />
      ) : (
        <TextInput
          {...field('fallback', 'Fallback')}
          placeholder="None"
          autoComplete="off"
          spellCheck={type === 'string'}
          readOnly={readOnly}
          onChange={(event) => onChange({ fallback: event.currentTarget.value })}
        />
      )}
      {!readOnly && (
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes.remove}
          size="lg"
          data-path={`remove.${place}`}
          aria-label={name === '' ? `Remove value ${place + 1}` : `Remove ${name}`}
          onClick={onRemove}
        >
          <IconTrash size={17} aria-hidden />
        </ActionIcon>
      )}
    </div>
  )
}
