import { Alert, Button, Checkbox, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { SCOPE_WORDS, type Scope } from '@posthorn/contracts'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useProject } from '../../../shell/project-scope.ts'
import { isOfKeys, SCOPE_GROUPS, SCOPE_PRESETS } from './words.ts'
import classes from './scope-picker.module.css'

interface ScopePickerProps {
  value: readonly Scope[]
  onChange(scopes: Scope[]): void
  error?: ReactNode
}

/** What a key may do, picked from groups. Nobody is offered what they may not do themselves. */
export function ScopePicker({ value, onChange, error }: ScopePickerProps) {
  const { can } = useProject()
  return (
    <Checkbox.Group label="What it may do" withAsterisk error={error} value={[...value]} onChange={onChange}>
      <Stack gap="sm" mt="xs" mb={4}>
        <Group gap="xs">
          {SCOPE_PRESETS.map(({ label, scopes }) => (
            <Button key={label} size="compact-sm" variant="default" onClick={() => onChange(scopes.filter(can))}>
              {label}
            </Button>
          ))}
        </Group>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="md">
          {SCOPE_GROUPS.map(({ label, scopes }) => (
            <fieldset key={label} className={classes.group}>
              <legend>{label}</legend>
              <Stack gap={6}>
                {scopes.filter(can).map((scope) => (
                  <Checkbox key={scope} value={scope} label={SCOPE_WORDS[scope]} />
                ))}
              </Stack>
            </fieldset>
          ))}
        </SimpleGrid>
        {value.some(isOfKeys) && (
          <Alert color="yellow" variant="outline" icon={<IconAlertTriangle aria-hidden />}>
            <Text>With this key one can come by other keys. Only what manages keys should have it.</Text>
          </Alert>
        )}
      </Stack>
    </Checkbox.Group>
  )
}
