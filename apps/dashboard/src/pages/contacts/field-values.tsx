import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { PageLoading } from '../../shell/route-states.tsx'
import { ErrorState } from '../../ui/states.tsx'

const SHOWN = 20

const number = new Intl.NumberFormat('en')

/** The most frequent values of a field, each with the way to those who have it, and the templates that name it. */
export default function FieldValues({ name }: { name: string }) {
  const { trpc } = useProject()
  const values = useQuery(trpc.contacts.fieldValues.queryOptions({ field: name, limit: SHOWN }))
  const usage = useQuery(trpc.contacts.fieldUsage.queryOptions({ field: name }))
  return (
    <Stack>
      <section aria-labelledby="values-of-field">
        <Title order={2} size="h4" id="values-of-field" mb="xs">
          Values
        </Title>
        {values.data === undefined ? <Missing query={values} /> : <Values name={name} of={values.data} />}
      </section>
      <section aria-labelledby="use-of-field">
        <Title order={2} size="h4" id="use-of-field" mb="xs">
          Templates
        </Title>
        {usage.data === undefined ? <Missing query={usage} /> : <Templates of={usage.data.usedInTemplates} />}
      </section>
    </Stack>
  )
}

const Missing = ({ query }: { query: { isError: boolean; error: unknown; refetch(): unknown } }) =>
  query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <PageLoading />

function Values({ name, of }: { name: string; of: WireOutput<'contacts', 'fieldValues'> }) {
  const { id: projectId } = useProject()
  if (of.values.length === 0) return <Text c="dimmed">None of the newest contacts has a value that can be listed.</Text>
  return (
    <>
      <Text c="dimmed" size="sm" mb="xs">
        The most frequent among the newest {number.format(of.contacts)} contacts.
      </Text>
      {of.values.map((value, at) => (
        <Group key={JSON.stringify(value)} justify="space-between" wrap="nowrap" align="baseline">
          <Anchor
            style={{ overflowWrap: 'anywhere' }}
            renderRoot={(props) => (
              <Link
                to="/p/$projectId/contacts"
                params={{ projectId }}
                search={{ field: name, value: String(value) }}
                {...props}
              />
            )}
          >
            {String(value)}
          </Anchor>
          <Text c="dimmed">{number.format(of.counts[at] ?? 0)}</Text>
        </Group>
      ))}
    </>
  )
}

function Templates({ of }: { of: WireOutput<'contacts', 'fieldUsage'>['usedInTemplates'] }) {
  const { id: projectId } = useProject()
  if (of.length === 0) return <Text c="dimmed">No template names it.</Text>
  return (
    <Stack gap={4}>
      {of.map(({ id, name }) => (
        <Anchor
          key={id}
          style={{ overflowWrap: 'anywhere' }}
          renderRoot={(props) => (
            <Link to="/p/$projectId/templates/$templateId" params={{ projectId, templateId: id }} {...props} />
          )}
        >
          {name}
        </Anchor>
      ))}
    </Stack>
  )
}
