import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { WireInput, WireOutput } from '@posthorn/contracts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { problemOf } from '../../api/problem.ts'
import { projectClient } from '../../api/trpc.ts'
import { useProject } from '../../shell/project-scope.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { MailPreview } from '../../ui/mail-preview.tsx'
import { Section } from '../../ui/section.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { ContactChoice } from './contact-choice.tsx'
import type { Template } from './kinds.tsx'
import type { Draft } from './use-draft.ts'
import { variablesIn } from './variables.ts'

type Rendered = WireOutput<'templates', 'render'>

const route = getRouteApi('/in/p/$projectId/templates/$templateId')

interface PreviewProps {
  template: Template
  draft: Draft
  /** An older version; undefined: what stands in the form, saved or not. */
  version: number | undefined
}

/** The mail that a contact would get. */
export function Preview({ template, draft, version }: PreviewProps) {
  const { id: projectId, trpc } = useProject()
  const navigate = route.useNavigate()
  const [contact, setContact] = useState<string>()
  const input: WireInput<'templates', 'render'> = {
    template: template.id,
    ...(version === undefined ? typedIn(draft) : { version }),
    ...(contact !== undefined && { contact }),
  }
  // It reads, but content is too large for an address, so it is no query of the table.
  const query = useQuery({
    queryKey: [...trpc.templates.pathKey(), 'preview', input],
    queryFn: () => projectClient(projectId).templates.render.mutate(input),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <Stack>
      {version !== undefined && (
        <Group gap="xs">
          <Text>This is version {version}, as it was kept.</Text>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void navigate({ to: '.', search: { tab: 'preview' }, replace: true })}
          >
            Show what stands under Content
          </Button>
        </Group>
      )}
      <ContactChoice description="Whose data fills it." value={contact} onChange={setContact} />
      {query.error !== null ? (
        <PreviewProblem error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Text role="status" c="dimmed" aria-busy>
          The preview is on its way.
        </Text>
      ) : (
        <Mail rendered={query.data} />
      )}
    </Stack>
  )
}

function typedIn(draft: Draft): Partial<WireInput<'templates', 'render'>> {
  const { type, subject, body, text, variables } = draft.form.getValues()
  const declared = variablesIn(variables)
  return {
    type,
    subject,
    body,
    text: text.trim() === '' ? null : text,
    ...(declared !== undefined && { variables: declared }),
  }
}

/** A mistake is one of the template, and trying again does not mend it. */
function PreviewProblem({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const { fields, message } = problemOf(error)
  if (fields.length === 0) return <ErrorState title="There is no preview" error={error} onRetry={onRetry} />
  return (
    <Alert color="red" variant="outline" role="alert" icon={<IconAlertTriangle aria-hidden />}>
      <Text c="var(--mantine-color-error)">{message}</Text>
    </Alert>
  )
}

function Mail({ rendered: { subject, html, text, warnings } }: { rendered: Rendered }) {
  return (
    <Stack gap="xl">
      {warnings.length > 0 && (
        <Alert color="yellow" variant="outline" title="Look at this before you send it" role="status">
          {warnings.map(({ code, message }) => (
            <Text key={code + message} size="sm">
              {message}
            </Text>
          ))}
        </Alert>
      )}
      <KeyValue entries={[['Subject', subject]]} />
      {html !== null && <MailPreview html={html} subject={subject} />}
      {text !== null && (
        <Section title="Text">
          <CodeBlock code={text} label="text" wrap />
        </Section>
      )}
    </Stack>
  )
}
