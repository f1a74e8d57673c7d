import { Button } from '@mantine/core'
import { IconFilterOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { EmptyState } from './states.tsx'

interface NothingFitsProps {
  /** What was looked for: "mail", "contact". */
  what: string
  onClear(): void
  /** What to try instead. */
  children: ReactNode
}

/** In place of a list that its filters leave empty. */
export function NothingFits({ what, onClear, children }: NothingFitsProps) {
  return (
    <EmptyState
      title={`No ${what} fits these filters`}
      icon={<IconFilterOff size={22} />}
      action={
        <Button variant="default" onClick={onClear}>
          Clear filters
        </Button>
      }
    >
      {children}
    </EmptyState>
  )
}
