import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { problemOf } from '../api/problem.ts'
import { useActions } from '../shell/actions.ts'
import { downloadText } from './download.ts'

interface CsvExportProps {
  /** What the file is called, before the day and the ending. */
  name: string
  /** In the palette: "Export … as CSV". */
  what: string
  /** One page; the pages put together are the file. */
  load(cursor: string | undefined): Promise<{ csv: string; cursor: string | null }>
}

/** Downloads all pages of an export as one file. */
export function CsvExport({ name, what, load }: CsvExportProps) {
  const [rows, setRows] = useState<number>()
  const isBusy = rows !== undefined

  const run = async () => {
    if (isBusy) return
    setRows(0)
    try {
      const parts: string[] = []
      let cursor: string | null | undefined
      do {
        const page = await load(cursor ?? undefined)
        parts.push(page.csv)
        cursor = page.cursor
        setRows((before = 0) => before + page.csv.split('\r\n').length - 1)
      } while (cursor !== null)
      downloadText(`${name}-${new Date().toISOString().slice(0, 10)}.csv`, parts.join(''))
    } catch (error) {
      notifications.show({ color: 'red', title: 'The log was not exported', message: problemOf(error).message })
    } finally {
      setRows(undefined)
    }
  }

  useActions([
    {
      id: `export-${name}`,
      label: `Export ${what} as CSV`,
      group: 'This page',
      icon: IconDownload,
      run: () => void run(),
    },
  ])
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      aria-busy={isBusy}
      onClick={() => void run()}
    >
      {isBusy ? `Exporting … ${rows.toLocaleString()} rows` : 'Export CSV'}
    </Button>
  )
}
