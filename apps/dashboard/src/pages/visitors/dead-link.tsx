import { Anchor, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PageHeader } from '../../ui/page-header.tsx'

/** For a link that leads no further. */
export function DeadLink({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <PageHeader title={title} />
      <Stack>
        <Text component="div">{children}</Text>
        <Anchor renderRoot={(props) => <Link to="/sign-in" {...props} />}>To the sign-in</Anchor>
      </Stack>
    </>
  )
}
