import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useFocusBack } from '../../ui/use-focus-back.ts'
import type { Clash } from './use-draft.ts'
import type { Field } from './values.ts'

const WORDS: Record<Field, string> = {
  name: 'the name',
  type: 'the type',
  subject: 'the subject',
  from: 'the sender',
  fromName: 'the name of the sender',
  replyTo: 'where answers go',
  body: 'the body',
  text: 'the text',
  variables: 'the values',
}

/** Asks whose change of a template shall stay. */
export default function ClashDialog({ clash }: { clash: Clash | undefined }) {
  useFocusBack(clash !== undefined)
  return (
    <Modal
      opened={clash !== undefined}
      onClose={() => clash?.close()}
      title="Somebody else has changed this as well"
      returnFocus={false}
    >
      <Stack>
        <Text>
          Since you began, somebody else has saved {clash && list(clash.fields)}. Keep yours, and theirs is written
          over; or take theirs, and all that you have typed here is lost.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={() => clash?.close()}>
            Decide later
          </Button>
          <Button variant="default" onClick={() => clash?.takeTheirs()}>
            Take theirs
          </Button>
          <Button onClick={() => clash?.keepMine()}>Keep mine</Button>
        </Group>
      </Stack>
    </Modal>
  )
}

const list = (fields: Field[]) =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format(fields.map((field) => WORDS[field]))
