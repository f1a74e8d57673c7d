import { Modal } from '@mantine/core'
import ProofForm from '../auth/proof-form.tsx'
import { useAskedForProof } from './proof.ts'

/** Stands before a call that needs the password again. */
export default function ProofDialog() {
  const question = useAskedForProof()
  return (
    <Modal opened={question !== undefined} onClose={() => question?.answer(false)} title="Confirm that it is you">
      {question !== undefined && <ProofForm onDone={question.answer} />}
    </Modal>
  )
}
