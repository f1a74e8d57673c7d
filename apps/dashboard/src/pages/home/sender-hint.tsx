import { Alert, Anchor, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { codeOf } from '../../api/problem.ts'
import { useProject } from '../../shell/project-scope.ts'

/** Said before the first mail is refused: through a relay a project sends only from its own domains. */
export function SenderHint() {
  const { id: projectId, trpc } = useProject()
  const project = useQuery(trpc.project.get.queryOptions({}))
  const inbox = useQuery(trpc.inbox.list.queryOptions({ limit: 1 }))
  if (project.data === undefined || codeOf(inbox.error) !== 'INBOX_OFF') return null
  const { defaultSender, domains } = project.data
  const domain = defaultSender.email.slice(defaultSender.email.lastIndexOf('@') + 1)
  if (domains.includes(domain)) return null
  return (
    <Alert
      color="yellow"
      variant="outline"
      icon={<IconAlertTriangle aria-hidden />}
      title="The project has no address to send from yet"
    >
      <Text>
        Mail goes out through a relay here, and it may not come from {domain}.{' '}
        {domains.length === 0
          ? 'Have the operator of this Posthorn give the project a domain, then choose the default sender under '
          : `Choose a default sender of ${domains.join(' or ')} under `}
        <Anchor
          inherit
          underline="always"
          renderRoot={(props) => <Link to="/p/$projectId/settings" params={{ projectId }} {...props} />}
        >
          Settings › General
        </Anchor>
        .
      </Text>
    </Alert>
  )
}
