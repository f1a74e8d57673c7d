import { Suspense, useState } from 'react'
import { Modal } from '@mantine/core'
import { loadedLater } from '../../api/page-code.ts'
import { PageLoading } from '../../shell/route-states.tsx'
import type { Field } from './fields.tsx'

const FieldValues = loadedLater(() => import('./field-values.tsx'))

/** What stands in a field, and where it is used; closed without one. */
export function FieldDialog({ field, onClose }: { field: Field | undefined; onClose(): void }) {
  // What was open stays to be seen while the dialog fades out.
  const [shown, setShown] = useState(field)
  if (field !== undefined && field !== shown) setShown(field)
  return (
    <Modal opened={field !== undefined} onClose={onClose} title={shown?.name ?? ''} size="lg">
      <Suspense fallback={<PageLoading />}>{shown !== undefined && <FieldValues name={shown.name} />}</Suspense>
    </Modal>
  )
}
