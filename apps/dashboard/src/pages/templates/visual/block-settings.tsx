import {
  Button,
  Group,
  NumberInput,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconPhoto, IconTrash } from '@tabler/icons-react'
import { attributeText } from './design.ts'
import classes from './visual-editor.module.css'

type Attributes = Record<string, unknown>

/** A block that is selected whole, and is changed by its settings. */
export interface SelectedBlock {
  name: string
  at: number
  attributes: Attributes
}

interface BlockSettingsProps {
  block: SelectedBlock
  /** It was added just now, so the first field has the focus. */
  isNew: boolean
  onChange(change: Attributes): void
  onRemove(): void
  onChoosePicture(): void
}

const WORDS: Record<string, string> = {
  mailButton: 'Button',
  mailImage: 'Picture',
  spacer: 'Spacer',
  rawHtml: 'HTML',
  horizontalRule: 'Divider',
}

/** The fields of the selected block. */
export function BlockSettings({ block, isNew, onChange, onRemove, onChoosePicture }: BlockSettingsProps) {
  const word = WORDS[block.name] ?? 'Block'
  const value = (name: string) => attributeText(block.attributes, name)
  const field = (name: string) => ({
    value: value(name),
    onChange: (event: { currentTarget: { value: string } }) => onChange({ [name]: event.currentTarget.value }),
    // Enter would save the whole template.
    onKeyDown: (event: React.KeyboardEvent) => {
      if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault()
    },
    autoComplete: 'off',
  })
  return (
    <Stack gap="xs" className={classes.settings ?? ''} role="group" aria-label={`${word} that is selected`}>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{word}</Text>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconTrash size={14} aria-hidden />}
          onClick={onRemove}
        >
          Remove {word.toLowerCase() === 'html' ? 'HTML' : word.toLowerCase()}
        </Button>
      </Group>
      {block.name === 'mailButton' && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
          <TextInput label="Words on the button" {...field('label')} autoFocus={isNew} />
          <TextInput label="Address of the button" placeholder="https://" {...field('href')} />
        </SimpleGrid>
      )}
      {block.name === 'mailImage' && (
        <>
          <Group align="end" gap="xs">
            <TextInput
              label="Address of the picture"
              placeholder="https://"
              className={classes.wide ?? ''}
              {...field('src')}
            />
            <Button
              variant="default"
              leftSection={<IconPhoto size={16} aria-hidden />}
              onClick={onChoosePicture}
              autoFocus={isNew}
            >
              Choose picture
            </Button>
          </Group>
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs">
            <TextInput label="Text of the picture" placeholder="What it shows" {...field('alt')} />
            <TextInput label="Leads to" placeholder="https://" {...field('href')} />
            <NumberInput
              label="Width in pixels"
              placeholder="As wide as fits"
              min={1}
              max={600}
              allowDecimal={false}
              value={value('width')}
              onChange={(width) => onChange({ width: String(width) })}
            />
          </SimpleGrid>
        </>
      )}
      {(block.name === 'mailButton' || block.name === 'mailImage') && (
        <SegmentedControl
          aria-label={`Where the ${word.toLowerCase()} stands`}
          className={classes.start ?? ''}
          size="xs"
          data={[
            { value: 'left', label: 'Left' },
            { value: 'center', label: 'Centre' },
            { value: 'right', label: 'Right' },
          ]}
          value={value('align')}
          onChange={(align) => onChange({ align })}
        />
      )}
      {block.name === 'spacer' && (
        <NumberInput
          label="Height in pixels"
          min={4}
          max={200}
          allowDecimal={false}
          autoFocus={isNew}
          value={Number(block.attributes['height'])}
          onChange={(height) => onChange({ height: Math.min(Math.max(Number(height), 4), 200) })}
        />
      )}
      {block.name === 'rawHtml' && (
        <Textarea
          label="HTML of the block"
          description="Stands in the mail as it is. Mail programs know tables and styles of elements, and little more."
          autosize
          minRows={3}
          maxRows={10}
          spellCheck={false}
          {...field('html')}
          autoFocus={isNew}
        />
      )}
    </Stack>
  )
}
