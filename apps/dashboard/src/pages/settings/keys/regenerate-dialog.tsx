import { Alert, Button, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { OVERLAPS } from '@posthorn/contracts'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { problemOf } from '../../../api/problem.ts'
import { FormProblem } from '../../../forms/form-problem.tsx'
import { useProject } from '../../../shell/project-scope.ts'
import { Time } from '../../../ui/time.tsx'
import { LastUsed } from './last-used.tsx'
import type { Key, LivingKey } from './living.ts'
import { NewKey } from './new-key.tsx'

type Overlap = keyof typeof OVERLAPS

const OVERLAP_WORDS: Record<Overlap, { label: string; description: string }> = {
  now: {
    label: 'Now',
    description: 'Refused everywhere before this dialog says so. The choice for a key that leaked.',
  },
  '1h': { label: 'In 1 hour', description: 'Time to change one app. Both keys work until then.' },
  '24h': { label: 'In 24 hours', description: 'Time to change several.' },
  '7d': { label: 'In 7 days', description: 'Time for what others have to change.' },
}

interface RegenerateDialogProps {
  of: LivingKey
  opened: boolean
  onClose(): void
}

/** Replaces a key by a new one, after it has said what then stops. */
export function RegenerateDialog({ of, opened, onClose }: RegenerateDialogProps) {
  const [made, setMade] = useState<{ key: string; replaced: Key }>()
  const close = () => {
    onClose()
    setMade(undefined)
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      closeOnClickOutside={made === undefined}
      closeOnEscape={made === undefined}
      withCloseButton={made === undefined}
      title={made === undefined ? `Regenerate ${of.name}` : 'Your new key'}
    >
      {made === undefined ? (
        <Question of={of} onMade={setMade} onCancel={close} />
      ) : (
        <NewKey value={made.key} onDone={close}>
          {made.replaced.status === 'revoked' ? (
            <>
              The old key <code>{made.replaced.hint}</code> no longer works. Put the new one in its place.
            </>
          ) : (
            <>
              Put it in the place of the old one, <code>{made.replaced.hint}</code>, which works until{' '}
              {made.replaced.expiresAt !== null && <Time at={made.replaced.expiresAt} exact />}.
            </>
          )}
        </NewKey>
      )}
    </Modal>
  )
}

interface QuestionProps {
  of: LivingKey
  onMade(made: { key: string; replaced: Key }): void
  onCancel(): void
}

function Question({ of, onMade, onCancel }: QuestionProps) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const [overlap, setOverlap] = useState<Overlap>('now')
  const regenerate = useMutation(trpc.keys.regenerate.mutationOptions({ gcTime: 0 }))
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    try {
      const { key, replaced } = await regenerate.mutateAsync({ id: of.id, overlap })
      onMade({ key: key.key, replaced })
      await queryClient.invalidateQueries(trpc.keys.pathFilter())
    } catch {
      // Said below.
    }
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Alert
          color={overlap === 'now' ? 'red' : 'yellow'}
          variant="outline"
          icon={<IconAlertTriangle aria-hidden />}
          title={
            overlap === 'now'
              ? `Whatever uses ${of.hint} stops working at once`
              : `Whatever still uses ${of.hint} then stops working`
          }
        >
          <Text component="div">
            Each of its calls is answered with status 401. <LastUsed of={of} asSentence />
          </Text>
          {of.previous !== undefined && (
            <Text mt={4}>
              The key before it, <code>{of.previous.hint}</code>, still works; it ends now in any case.
            </Text>
          )}
        </Alert>
        <Radio.Group label="The old key ends" value={overlap} onChange={setOverlap}>
          <Stack gap="xs" mt="xs">
            {(Object.keys(OVERLAPS) as Overlap[]).map((value) => (
              <Radio
                key={value}
                value={value}
                {...OVERLAP_WORDS[value]}
                data-autofocus={value === 'now' || undefined}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Text c="dimmed" size="sm" component="div">
          The new key may do what the old one may.
          {of.expiresAt !== null && (
            <>
              {' '}
              It stops working when this one would have, <Time at={of.expiresAt} />.
            </>
          )}
        </Text>
        <FormProblem problem={regenerate.error === null ? undefined : problemOf(regenerate.error)} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" color={overlap === 'now' ? 'red.9' : undefined} loading={regenerate.isPending}>
            Regenerate key
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
