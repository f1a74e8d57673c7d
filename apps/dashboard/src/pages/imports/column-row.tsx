import { NativeSelect, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { Import } from './import-status.tsx'
import type { Mapping, MappingValues } from './mapping-form.tsx'
import classes from './column-row.module.css'

const TARGETS: { value: Mapping['to']; label: string }[] = [
  { value: 'email', label: 'E-mail address' },
  { value: 'field', label: 'A field' },
  { value: 'subscribed', label: 'Subscribed or not' },
  { value: 'unsubscribed', label: 'Who refuses mail' },
  { value: 'optedOutAt', label: 'Opted out at' },
  { value: 'status', label: 'Status of mail' },
  { value: 'topics', label: 'Topics' },
  { value: 'data', label: 'Fields as JSON' },
  { value: 'ignore', label: 'Nothing' },
]

const TYPES: { value: NonNullable<Mapping['type']>; label: string }[] = [
  { value: 'string', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'boolean', label: 'Yes or no' },
  { value: 'date', label: 'Date' },
  { value: 'list', label: 'List' },
  { value: 'any', label: 'As exported' },
]

interface ColumnRowProps {
  column: Import['columns'][number]
  index: number
  form: UseFormReturnType<MappingValues>
}

/** One column: what stands in it, and what it becomes. */
export function ColumnRow({ column: { name, samples, unsure }, index, form }: ColumnRowProps) {
  const mapping = form.getValues().mappings[index]!
  const at = (field: string) => `mappings.${index}.${field}`
  const shown = samples.filter((sample) => sample.trim() !== '')
  return (
    <fieldset className={classes.row}>
      <div className={classes.name}>
        <Text component="legend" fw={500} truncate title={name}>
          {name}
        </Text>
        <Text size="sm" c="dimmed" truncate title={shown.join('\n')}>
          {shown.length === 0 ? 'Nothing in the first rows' : shown.join(' · ')}
        </Text>
      </div>
      <NativeSelect
        label="Becomes"
        aria-label={`${name} becomes`}
        data={unsure ? [{ value: '', label: 'Choose…' }, ...TARGETS] : TARGETS}
        {...form.getInputProps(at('to'))}
      />
      {mapping.to === 'field' && (
        <>
          <TextInput
            label="Field"
            aria-label={`Field for ${name}`}
            {...form.getInputProps(at('field'))}
            value={mapping.field ?? name}
          />
          <NativeSelect
            label="Type"
            aria-label={`Type of ${name}`}
            data={TYPES}
            {...form.getInputProps(at('type'))}
            value={mapping.type ?? 'string'}
          />
        </>
      )}
    </fieldset>
  )
}
