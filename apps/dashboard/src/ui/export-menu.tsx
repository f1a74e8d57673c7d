import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload, IconFileTypeCsv, IconJson, type Icon } from '@tabler/icons-react'
import { problemOf } from '../api/problem.ts'
import { useActions } from '../shell/actions.ts'
import { useProject } from '../shell/project-scope.ts'
import { saveFile } from './save-file.ts'

interface ExportMenuProps {
  noun: 'contacts' | 'emails' | 'events'
  /** Those of the list, so that the file has what the list shows. */
  filters: Record<string, string | undefined>
}

interface Format {
  name: string
  icon: Icon
  query: Record<string, string>
}

// Excel knows by the mark alone that a file is UTF-8.
const FORMATS: readonly Format[] = [
  { name: 'CSV', icon: IconFileTypeCsv, query: { format: 'csv', bom: 'true' } },
  { name: 'JSON lines', icon: IconJson, query: { format: 'jsonl' } },
]

/** Saves all that a list has, with the filters that are chosen. */
export function ExportMenu({ noun, filters }: ExportMenuProps) {
  const { id: projectId } = useProject()
  const save = ({ query }: Format) =>
    void saveFile(`/v1/${noun}/export`, { ...filters, ...query, projectId }).catch((error: unknown) => {
      notifications.show({ color: 'red', title: `The ${noun} were not exported`, message: problemOf(error).message })
    })
  const labelOf = ({ name }: Format) => `Export ${noun} as ${name}`
  useActions(
    FORMATS.map((format) => ({
      id: `export-${noun}-${format.query['format']}`,
      label: labelOf(format),
      group: 'This page',
      icon: IconDownload,
      keywords: ['download', 'save'],
      run: () => save(format),
    })),
  )
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          Export {noun}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map((format) => (
          <Menu.Item key={format.name} leftSection={<format.icon size={16} aria-hidden />} onClick={() => save(format)}>
            {labelOf(format)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
