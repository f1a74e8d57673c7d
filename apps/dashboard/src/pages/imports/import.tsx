import { Button, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { JobProgress } from '../../ui/job-progress.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ImportResult } from './import-result.tsx'
import { ImportStatus, isUnderWay, nameOf, type Import } from './import-status.tsx'
import { MappingForm } from './mapping-form.tsx'

const route = getRouteApi('/in/p/$projectId/contacts/imports/$importId')
const number = new Intl.NumberFormat('en')

/** One file: what its columns become, how far it is, and what came of it. */
export function Page() {
  const { importId } = route.useParams()
  const { id: projectId, trpc } = useProject()
  const query = useQuery(trpc.imports.get.queryOptions({ id: importId }))
  return (
    <>
      <BackLink to="/p/$projectId/contacts/imports" params={{ projectId }}>
        Imports
      </BackLink>
      <Loaded
        query={query}
        title="Import"
        missing={{
          code: 'IMPORT_NOT_FOUND',
          title: 'No such import',
          why: 'It was deleted, or it is older than 30 days.',
          action: (
            <Button
              variant="default"
              renderRoot={(props) => <Link to="/p/$projectId/contacts/imports" params={{ projectId }} {...props} />}
            >
              All imports
            </Button>
          ),
        }}
      >
        {(one) => <One of={one} />}
      </Loaded>
    </>
  )
}

function One({ of: one }: { of: Import }) {
  const { can } = useProject()
  return (
    <>
      <PageHeader
        title={nameOf(one)}
        documentTitle="Import"
        lead={`${number.format(one.rows)} ${one.rows === 1 ? 'row' : 'rows'} in ${one.encoding.toUpperCase()}`}
        actions={<ImportStatus of={one} />}
      />
      <Stack gap="lg">
        {isUnderWay(one) && <Progress of={one} />}
        {one.counts !== null && !isUnderWay(one) && <ImportResult of={one} />}
        {/* What was chosen stays while it is tried. */}
        {one.dryRun !== false && can('contacts:write') && (
          <div hidden={isUnderWay(one)}>
            <MappingForm key={one.id} of={one} />
          </div>
        )}
      </Stack>
    </>
  )
}

function Progress({ of: { jobId, percent, counts, rows, dryRun } }: { of: Import }) {
  const { trpc, can } = useProject()
  const queryClient = useQueryClient()
  const cancel = useMutation(
    trpc.jobs.cancel.mutationOptions({ onSettled: () => queryClient.invalidateQueries(trpc.imports.pathFilter()) }),
  )
  return (
    <Stack gap="xs" role="status" aria-label="Progress of the import">
      <JobProgress title={dryRun ? 'Trying the import' : 'Importing'} label="Progress" percent={percent}>
        {`${number.format(counts?.rows ?? 0)} of ${number.format(rows)} rows`}
      </JobProgress>
      {can('jobs:write') && jobId !== null && (
        <div>
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate({ id: jobId })}>
            Cancel import
          </Button>
          <Text size="sm" c="dimmed" mt={4}>
            What is imported by then stays.
          </Text>
        </div>
      )}
    </Stack>
  )
}
