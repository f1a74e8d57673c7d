import { Button, Code } from '@mantine/core'
import { IconMailForward } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/states.tsx'

/** In place of the inbox where mail is really sent. */
export function InboxOff() {
  const { id: projectId } = useProject()
  return (
    <>
      <PageHeader title="Inbox" />
      <EmptyState
        title="Mail goes out through a relay here"
        icon={<IconMailForward size={22} />}
        action={
          <Button renderRoot={(props) => <Link to="/p/$projectId/emails" params={{ projectId }} {...props} />}>
            See the emails
          </Button>
        }
      >
        So nothing is caught, and this inbox stays empty. What happened to each mail is under Emails. To catch mail
        instead, as when developing, the operator starts Posthorn without <Code>SMTP_URL</Code>.
      </EmptyState>
    </>
  )
}
