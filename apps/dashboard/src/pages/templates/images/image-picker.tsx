import { ActionIcon, Button, FileButton, Group, Modal, SimpleGrid, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconPhotoPlus, IconTrash } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf } from '../../../api/problem.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { itemsOf, nextCursor } from '../../../ui/pages.ts'
import { ErrorState } from '../../../ui/states.tsx'
import { bytes } from '../../../ui/time-words.ts'
import { useFocusBack } from '../../../ui/use-focus-back.ts'
import classes from './image-picker.module.css'
import { picturesIn, uploadImage, type Image } from './upload-image.ts'

export interface ImagePickerProps {
  opened: boolean
  onClose(): void
  onPick(image: Image): void
}

const ACCEPTED = 'image/png,image/jpeg,image/gif,image/webp'

/** The pictures of the project; one is chosen, or a new one is brought along as a file, by dragging or by pasting. */
export default function ImagePicker({ opened, onClose, onPick }: ImagePickerProps) {
  useFocusBack(opened)
  return (
    <Modal opened={opened} onClose={onClose} title="Choose a picture" size="xl" returnFocus={false}>
      {opened && <Pictures onPick={onPick} />}
    </Modal>
  )
}

function Pictures({ onPick }: Pick<ImagePickerProps, 'onPick'>) {
  const { trpc, id: projectId } = useProject()
  const queryClient = useQueryClient()
  const query = useInfiniteQuery(trpc.images.list.infiniteQueryOptions({ limit: 24 }, { getNextPageParam: nextCursor }))
  const [asked, setAsked] = useState<Image>()
  const [isDeleting, setDeleting] = useState(false)
  const [isOver, setOver] = useState(false)
  const current = () => queryClient.invalidateQueries(trpc.images.list.pathFilter())
  const upload = useMutation({
    mutationFn: (file: File) => uploadImage(projectId, file),
    async onSuccess(image) {
      await current()
      onPick(image)
    },
  })
  const remove = useMutation(trpc.images.delete.mutationOptions())
  const take = (file: File | null | undefined) => {
    if (file !== null && file !== undefined && !upload.isPending) upload.mutate(file)
  }
  const items = itemsOf(query.data)
  return (
    <Stack
      className={classes.place}
      data-over={isOver}
      onPaste={(event) => take(picturesIn(event.clipboardData)[0])}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(picturesIn(event.dataTransfer)[0])
      }}
    >
      <Group gap="sm">
        <FileButton accept={ACCEPTED} onChange={take} inputProps={{ 'aria-label': 'Picture to upload' }}>
          {(props) => (
            <Button
              {...props}
              data-autofocus
              loading={upload.isPending}
              leftSection={<IconPhotoPlus size={16} aria-hidden />}
            >
              Upload picture
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          PNG, JPEG, GIF or WebP. You can also drag a file here, or paste a picture. Everybody who has its address can
          see it.
        </Text>
      </Group>
      {upload.error !== null && (
        <Text c="var(--mantine-color-error)" role="alert">
          {problemOf(upload.error).message}
        </Text>
      )}
      {query.error !== null && items === undefined && (
        <ErrorState title="The pictures could not be loaded" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {items?.length === 0 && <Text c="dimmed">There are no pictures yet.</Text>}
      <SimpleGrid component="ul" cols={{ base: 2, sm: 4 }} className={classes.list ?? ''}>
        {items?.map((image) => (
          <li key={image.id} className={classes.item}>
            <UnstyledButton
              className={classes.choice}
              onClick={() => onPick(image)}
              aria-label={`Choose ${image.name}`}
            >
              <img src={image.url} alt="" loading="lazy" className={classes.thumb} />
            </UnstyledButton>
            <Group justify="space-between" wrap="nowrap" gap={4}>
              <div className={classes.about}>
                <Text size="sm" truncate title={image.name}>
                  {image.name}
                </Text>
                <Text size="xs" c="dimmed">
                  {image.width} × {image.height}, {bytes(image.sizeBytes)}
                </Text>
              </div>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete ${image.name}`}
                onClick={() => {
                  setAsked(image)
                  setDeleting(true)
                }}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          </li>
        ))}
      </SimpleGrid>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more pictures
        </Button>
      )}
      <ConfirmDialog
        opened={isDeleting}
        onClose={() => setDeleting(false)}
        title="Delete this picture?"
        confirm="Delete picture"
        onConfirm={async () => {
          if (asked === undefined) return
          await remove.mutateAsync({ id: asked.id })
          await current()
        }}
      >
        Mails that show “{asked?.name}”, sent ones included, show a gap from then on.
      </ConfirmDialog>
    </Stack>
  )
}
