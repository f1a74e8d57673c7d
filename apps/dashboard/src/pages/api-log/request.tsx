import { Anchor, Button, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { CopyableId } from '../../ui/copyable-id.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { duration } from '../../ui/time-words.ts'
import { Time } from '../../ui/time.tsx'
import { callerOf, type ApiRequest } from './api-log.tsx'
import { useKeyNames } from './key-names.ts'
import { Outcome } from './outcome.tsx'
import { HttpStatusBadge } from './status.tsx'

const route = getRouteApi('/in/p/$projectId/api-log/$requestId')

/** One request, followed from its id. */
export function Page() {
  const { id: projectId, trpc } = useProject()
  const { requestId } = route.useParams()
  const request = useQuery(trpc.requests.get.queryOptions({ requestId }))
  return (
    <>
      <BackLink to="/p/$projectId/api-log" params={{ projectId }}>
        API log
      </BackLink>
      <Loaded
        query={request}
        title="Request"
        missing={{
          code: 'REQUEST_NOT_FOUND',
          title: 'No such request',
          why: 'Requests are listed some seconds after their answer, and kept for a number of days.',
          action: (
            <Button renderRoot={(props) => <Link to="/p/$projectId/api-log" params={{ projectId }} {...props} />}>
              All requests
            </Button>
          ),
        }}
      >
        {(data) => (
          <>
            <PageHeader title={`${data.method} ${data.operation}`} lead={<HttpStatusBadge status={data.status} />} />
            <Stack gap="xl">
              <Outcome request={data} />
              <Facts request={data} />
            </Stack>
          </>
        )}
      </Loaded>
    </>
  )
}

function Facts({ request }: { request: ApiRequest }) {
  const { id: projectId } = useProject()
  const keyNames = useKeyNames()
  const caller = callerOf(request, keyNames)
  const { keyId } = request
  const hint = keyId === null ? undefined : keyNames.get(keyId)?.hint
  return (
    <KeyValue
      entries={[
        ['Request id', <CopyableId key="id" id={request.id} label="Copy request id" />],
        ['Answered', <Time key="at" at={request.at} exact />],
        ['Took', duration(request.durationMs)],
        [
          'Key',
          keyId === null ? (
            caller
          ) : (
            <Anchor
              key="key"
              inherit
              renderRoot={(props) => (
                <Link to="/p/$projectId/settings/keys" params={{ projectId }} hash={keyId} {...props} />
              )}
            >
              {caller} {hint !== undefined && `(${hint})`}
            </Anchor>
          ),
        ],
        ['From', request.ip ?? 'an unknown address'],
        [
          'More like it',
          <Anchor
            key="more"
            inherit
            renderRoot={(props) => (
              <Link
                to="/p/$projectId/api-log"
                params={{ projectId }}
                search={{ operation: request.operation, ...(request.code !== null && { code: request.code }) }}
                {...props}
              />
            )}
          >
            {request.code === null ? `All requests of ${request.operation}` : 'All that were refused like this'}
          </Anchor>,
        ],
      ]}
    />
  )
}
