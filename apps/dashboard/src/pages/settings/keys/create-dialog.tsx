import { Suspense, useState } from 'react'
import { loadedLater } from '../../../api/page-code.ts'
import { FormModal } from '../../../forms/form-modal.tsx'
import { PageLoading } from '../../../shell/route-states.tsx'
import { NewKey } from './new-key.tsx'

// The calendar is a good part of its code, and most visits make no key.
const CreateForm = loadedLater(() => import('./create-form.tsx'))

/** Makes one more key, and shows it. */
export function CreateDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const [made, setMade] = useState<string>()
  const close = () => {
    onClose()
    setMade(undefined)
  }
  return (
    <FormModal
      opened={opened}
      onClose={close}
      size="lg"
      // A new key must not be lost before somebody said that it is taken.
      canClose={made === undefined}
      title={made === undefined ? 'Create API key' : 'Your new key'}
    >
      {made === undefined ? (
        <Suspense fallback={<PageLoading />}>
          <CreateForm onMade={setMade} onCancel={close} />
        </Suspense>
      ) : (
        <NewKey value={made} onDone={close}>
          It works from now on. Keep it where only your app can read it.
        </NewKey>
      )}
    </FormModal>
  )
}
