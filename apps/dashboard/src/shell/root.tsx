import { useNotifications } from '@mantine/notifications'
import { Outlet } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { loadedLater } from '../api/page-code.ts'
import { OutageBanner } from './outage-banner.tsx'
import { useAskedForProof } from './proof.ts'

// Neither is on the screen of a page that is just opened.
const Notices = loadedLater(() => import('./notices.tsx'))
const ProofDialog = loadedLater(() => import('./proof-dialog.tsx'))

/** What is on every page. */
export function Root() {
  const isProofAsked = useAskedForProof() !== undefined
  const hasNotice = useNotifications().notifications.length > 0
  const [hadNotice, setHadNotice] = useState(false)
  if (hasNotice && !hadNotice) setHadNotice(true)
  return (
    <>
      <OutageBanner />
      <Outlet />
      <Suspense>{hadNotice && <Notices />}</Suspense>
      <Suspense>{isProofAsked && <ProofDialog />}</Suspense>
    </>
  )
}
