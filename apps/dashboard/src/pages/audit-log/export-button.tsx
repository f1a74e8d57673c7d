import { useQueryClient } from '@tanstack/react-query'
import { useProject } from '../../shell/project-scope.ts'
import { CsvExport } from '../../ui/csv-export.tsx'
import type { AuditFilters } from './search.ts'

/** Exports what the filters leave, however many pages that are. */
export function ExportButton({ filters }: { filters: AuditFilters }) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const load = (cursor: string | undefined) =>
    queryClient.fetchQuery(trpc.audit.export.queryOptions({ ...filters, cursor }, { gcTime: 0, staleTime: 0 }))
  return <CsvExport name="audit-log" what="audit log" load={load} />
}
