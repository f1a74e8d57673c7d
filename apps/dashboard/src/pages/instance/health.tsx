import { Button, Group, Skeleton, Text } from '@mantine/core'
import type { WirePeopleOutput } from '@posthorn/contracts'
import { IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { trpc } from '../../api/trpc.ts'
import { Section } from '../../ui/section.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { StatusBadge, type Tone } from '../../ui/status-badge.tsx'
import classes from './instance.module.css'

type Check = WirePeopleOutput<'instance', 'health'>['checks'][number]

const STATUS: Record<Check['status'], [tone: Tone, words: string]> = {
  ok: ['good', 'Well'],
  warning: ['waiting', 'Warning'],
  wrong: ['bad', 'Wrong'],
}

/** The checks of `posthorn doctor`, with what to do where one is not well. */
export function Health() {
  const query = useQuery(trpc.instance.health.queryOptions({}))
  return (
    <Section title="Health" lead="The same checks as those of pnpm posthorn doctor.">
      {query.isError && (
        <ErrorState title="The checks could not be made" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton height={140} />}
      {query.data !== undefined && (
        <>
          <ul className={classes.checks}>
            {query.data.checks.map((check) => (
              <CheckLine key={check.name} {...check} />
            ))}
          </ul>
          <Group mt="md" gap="sm">
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} aria-hidden />}
              loading={query.isFetching}
              onClick={() => void query.refetch()}
            >
              Check again
            </Button>
            <Text role="status" c="dimmed" size="sm">
              {summary(query.data.checks)}
            </Text>
          </Group>
        </>
      )}
    </Section>
  )
}

function CheckLine({ name, status, message, advice }: Check) {
  const [tone, words] = STATUS[status]
  return (
    <li className={classes.check}>
      <span>
        <StatusBadge tone={tone}>{words}</StatusBadge>
      </span>
      <span className={classes.checkName}>{name}</span>
      <div className={classes.words}>
        {message}
        {advice !== null && (
          <Text c="dimmed" size="sm">
            {advice}
          </Text>
        )}
      </div>
    </li>
  )
}

function summary(checks: readonly Check[]): string {
  const unwell = checks.filter(({ status }) => status !== 'ok').length
  return unwell === 0 ? 'All is well.' : `${unwell} of ${checks.length} need a look.`
}
