import { Progress, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './job-progress.module.css'

interface JobProgressProps {
  /** What is being done: "Deleting Acme". */
  title: string
  /** For screen readers: "Deletion of Acme". */
  label: string
  /** Null while nobody knows how much there is to do. */
  percent: number | null
  /** How far it is, in words. */
  children: ReactNode
}

/** How far something is that is done in the background. */
export function JobProgress({ title, label, percent, children }: JobProgressProps) {
  return (
    <div className={classes.job}>
      <Text size="sm" truncate title={title}>
        {title}
      </Text>
      <Progress.Root size="sm">
        <Progress.Section value={percent ?? 0} aria-label={label} />
      </Progress.Root>
      <Text size="xs" c="dimmed">
        {children}
      </Text>
    </div>
  )
}
