import { Stack } from '@mantine/core'
import { useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Numbers, useStats } from './numbers.tsx'
import { useProgress, type Progress } from './progress.ts'
import { QuickStart } from './quick-start.tsx'

export function Page() {
  const { name } = useProject()
  const progress = useProgress()
  // Here and not where it is shown, so that it comes in the same round trip.
  useStats()
  return (
    <Loaded query={progress} title={name}>
      {(data) => (
        <>
          <PageHeader title={name} documentTitle="Home" />
          <Body progress={data} />
        </>
      )}
    </Loaded>
  )
}

/** Who starts sees how; who has started sees the numbers, and finds the way to send further down. */
function Body({ progress }: { progress: Progress }) {
  const [wasDone] = useState(progress.isDone)
  return (
    <Stack gap="xl">
      {!wasDone && <QuickStart progress={progress} />}
      {progress.latest !== undefined && <Numbers />}
      {wasDone && <QuickStart progress={progress} isFolded />}
    </Stack>
  )
}
