import { Suspense } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { FormModal } from '../../forms/form-modal.tsx'
import { PageLoading } from '../../shell/route-states.tsx'
import type { Wish } from './use-consent.ts'

const ConsentForm = loadedLater(() => import('./consent-form.tsx'))

interface ConsentDialogProps {
  opened: boolean
  onClose(): void
  title: string
  email: string
  onAgreed(wish: Wish): Promise<unknown>
}

/** Asks how somebody agreed, before they get again what they left. */
export function ConsentDialog({ opened, onClose, title, email, onAgreed }: ConsentDialogProps) {
  return (
    <FormModal opened={opened} onClose={onClose} title={title}>
      <Suspense fallback={<PageLoading />}>
        <ConsentForm email={email} onAgreed={onAgreed} onClose={onClose} />
      </Suspense>
    </FormModal>
  )
}
