import { Button } from '@mantine/core'
import { IconBolt } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '../../ui/states.tsx'

/** Shown until the first event is reported. */
export function NoEventsYet({ projectId }: { projectId: string }) {
  return (
    <EmptyState
      title="No events yet"
      icon={<IconBolt size={22} />}
      action={
        <Button renderRoot={(props) => <Link to="/p/$projectId/settings/keys" params={{ projectId }} {...props} />}>
          Get the public key
        </Button>
      }
    >
      Report what people do in your app, such as <i>signed-up</i>, with a POST to <code>/v1/track</code>. The public key
      is enough, so a browser can do it too.
    </EmptyState>
  )
}
