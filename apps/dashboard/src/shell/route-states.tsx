import { Button, Center, Loader, Stack } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { PageHeader } from '../ui/page-header.tsx'
import { EmptyState, ErrorState } from '../ui/states.tsx'
import classes from './route-states.module.css'

export function PageLoading() {
  return (
    <Center mih="12rem" role="status" aria-label="Loading">
      <Loader type="dots" />
    </Center>
  )
}

/** What a page shows whose code or first data could not be loaded. */
export function PageProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const isStale = /dynamically imported module|module script/i.test(String(error))
  return (
    <Stack className={classes.alone}>
      <PageHeader title={isStale ? 'A new version is here' : 'This page could not be shown'} />
      {isStale ? (
        <EmptyState
          title="Posthorn was updated"
          action={<Button onClick={() => location.reload()}>Load the new version</Button>}
        >
          The page you went to belongs to the version that runs now.
        </EmptyState>
      ) : (
        <ErrorState
          error={error}
          onRetry={() => {
            reset()
            void router.invalidate()
          }}
        />
      )}
    </Stack>
  )
}

/** For an address that not even the shell is around. */
export function NotFoundAlone() {
  return (
    <main>
      <NotFound />
    </main>
  )
}

export function NotFound() {
  return (
    <Stack className={classes.alone}>
      <PageHeader title="Nothing lives here" />
      <EmptyState
        title="This address leads nowhere"
        icon={<IconMapQuestion size={22} />}
        action={
          <Button component={Link} to="/">
            To the start
          </Button>
        }
      >
        The link may be old, or something in it was left out.
      </EmptyState>
    </Stack>
  )
}
