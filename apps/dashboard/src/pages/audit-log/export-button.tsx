import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf } from '../../api/problem.ts'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { downloadText } from '../../ui/download.ts'
import type { AuditFilters } from './search.ts'

/** Exports what the filters leave, however many pages that are. */
export function ExportButton({ filters }: { filters: AuditFilters }) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const [rows, setRows] = useState<number>()
  const isBusy = rows !== undefined

  const run = async () => {
    if (isBusy) return
    setRows(0)
    try {
      const parts: string[] = []
      let cursor: string | null | undefined
      do {
        const page = await queryClient.fetchQuery(
          trpc.audit.export.queryOptions({ ...filters, cursor: cursor ?? undefined }, { gcTime: 0, staleTime: 0 }),
        )
        parts.push(page.csv)
        cursor = page.cursor
        setRows((before = 0) => before + page.csv.split('\r\n').length - 1)
      } while (cursor !== null)
      downloadText(`audit-log-${new Date().toISOString().slice(0, 10)}.csv`, parts.join(''))
    } catch (error) {
      notifications.show({ color: 'red', title: 'The log was not exported', message: problemOf(error).message })
    } finally {
      setRows(undefined)
    }
  }

  useActions([
    {
      id: 'export-audit',
      label: 'Export audit log as CSV',
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
