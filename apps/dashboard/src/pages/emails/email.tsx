import { Alert, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { IconCopyOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { EmailActions } from './email-actions.tsx'
import { EmailContent } from './email-content.tsx'
import { EmailFacts } from './email-facts.tsx'
import { EmailStatusBadge } from './status.tsx'
import { Timeline } from './timeline.tsx'

export type EmailDetails = WireOutput<'emails', 'get'>

const route = getRouteApi('/in/p/$projectId/emails/$emailId')

export function Page() {
  const { trpc, id: projectId } = useProject()
  const { emailId } = route.useParams()
  const email = useQuery(trpc.emails.get.queryOptions({ id: emailId }))
  const attempts = useQuery(trpc.emails.attempts.queryOptions({ id: emailId }))
  return (
    <>
      <BackLink to="/p/$projectId/emails" params={{ projectId }}>
        Emails
      </BackLink>
      <Loaded
        query={email}
        title="Email"
        missing={{
          code: 'EMAIL_NOT_FOUND',
          title: 'No such email',
          why: 'It may belong to another project, have been deleted after the time that mail is kept, or the link was cut off.',
          action: (
            <Button renderRoot={(props) => <Link to="/p/$projectId/emails" params={{ projectId }} {...props} />}>
              All emails
            </Button>
          ),
        }}
      >
        {(data) => (
          <>
            <PageHeader
              title={data.subject}
              lead={
                <Group component="span" gap="xs">
                  <EmailStatusBadge status={data.status} />
                  <span>to {data.to.email}</span>
                </Group>
              }
              documentTitle={`Email to ${data.to.email}`}
              actions={<EmailActions email={data} />}
            />
            <Body email={data} attempts={attempts} />
          </>
        )}
      </Loaded>
    </>
  )
}

interface BodyProps {
  email: EmailDetails
  attempts: {
    data: WireOutput<'emails', 'attempts'> | undefined
    isError: boolean
    error: unknown
    refetch(): unknown
  }
}

function Body({ email, attempts }: BodyProps) {
  return (
    <Stack gap="xl">
      {email.possiblyDuplicate && (
        <Alert color="yellow" variant="outline" icon={<IconCopyOff aria-hidden />} title="It may have arrived twice">
          A connection broke after the mail was handed over, so it was sent again with the same Message-ID.
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing="xl">
        <section aria-labelledby="what-happened">
          <Title order={2} id="what-happened" mb="sm">
            What happened
          </Title>
          {attempts.data === undefined && attempts.isError && (
            <ErrorState
              title="The attempts could not be loaded"
              error={attempts.error}
              onRetry={() => void attempts.refetch()}
            />
          )}
          {attempts.data === undefined && !attempts.isError ? (
            <Text c="dimmed" role="status">
              The attempts are loading …
            </Text>
          ) : (
            <Timeline email={email} attempts={attempts.data?.data ?? []} />
          )}
        </section>
        <section aria-labelledby="facts">
          <Title order={2} id="facts" mb="sm">
            Facts
          </Title>
          <EmailFacts email={email} />
        </section>
      </SimpleGrid>
      <section aria-labelledby="content-of-email">
        <Title order={2} id="content-of-email" mb="sm">
          Content
        </Title>
        <EmailContent email={email} />
      </section>
    </Stack>
  )
}
