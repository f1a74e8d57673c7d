import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState, type ReactNode, type SyntheticEvent } from 'react'
import { problemOf } from '../api/problem.ts'
import { CodeBlock } from './code-block.tsx'
import { RequestId } from './states.tsx'
import { useFocusBack } from './use-focus-back.ts'

export interface ConfirmDialogProps {
  opened: boolean
  onClose(): void
  title: string
  /** What happens, and what cannot be taken back. */
  children: ReactNode
  /** The verb: "Delete project". */
  confirm: string
  /** What leaves all as it is, where "Cancel" could be taken for the act itself. */
  dismiss?: string
  /** Has to be typed letter by letter before the button works. */
  nameToType?: string
  /** False for what can be made undone. */
  isDangerous?: boolean
  /** A failure stays in the dialog, with its words. */
  onConfirm(): Promise<unknown>
}

/** A longer name is neither read in a label nor typed without a slip, so it can be copied. */
const LONG_NAME = 40

/** Asks before something that matters. */
export default function ConfirmModal(props: ConfirmDialogProps) {
  useFocusBack(props.opened)
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} returnFocus={false}>
      {/* Mounted anew with each opening, so that nothing typed or failed before stands there. */}
      <Question {...props} />
    </Modal>
  )
}

function Question(props: ConfirmDialogProps) {
  const { onClose, children, confirm, dismiss = 'Cancel', nameToType, isDangerous = true, onConfirm } = props
  const [typed, setTyped] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    // React hands it on to the form that the question is asked in, wherever the dialog stands on the page.
    event.stopPropagation()
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const isLong = nameToType !== undefined && nameToType.length > LONG_NAME
  const problem = error === undefined ? undefined : problemOf(error)
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text component="div">{children}</Text>
        {nameToType !== undefined && (
          <>
            {isLong && <CodeBlock code={nameToType} label="name" wrap maxHeight="8rem" />}
            <TextInput
              label={isLong ? 'Type or paste the name to confirm' : `Type ${nameToType} to confirm`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
            />
          </>
        )}
        {problem !== undefined && (
          <Alert color="red" variant="outline" role="alert">
            {problem.message} {problem.suggestion}
            <RequestId id={problem.requestId} />
          </Alert>
        )}
        <Group justify="flex-end">
          {/* Enter does nothing that cannot be undone. */}
          <Button variant="default" data-autofocus={nameToType === undefined || undefined} onClick={onClose}>
            {dismiss}
          </Button>
          <Button
            type="submit"
            color={isDangerous ? 'red.9' : undefined}
            loading={isBusy}
            disabled={nameToType !== undefined && typed !== nameToType}
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
