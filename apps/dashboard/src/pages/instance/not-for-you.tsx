import { Button } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/states.tsx'

/** For whoever does not own the instance. */
export function NotForYou() {
  return (
    <>
      <PageHeader title="Instance" />
      <EmptyState
        title="Only the owner of this Posthorn sees this page"
        icon={<IconLock size={22} />}
        action={
          <Button component={Link} to="/">
            To your projects
          </Button>
        }
      >
        It is about all projects and people together.
      </EmptyState>
    </>
  )
}
