import type { WireOutput } from '@posthorn/contracts'
import { OtherRefusal } from '../../../api/problem.ts'

export type Image = WireOutput<'images', 'upload'>

interface Answer {
  error?: { message?: string; suggestion?: string }
}

/** Sends a file as it is. What the file is, the server finds out. */
export async function uploadImage(projectId: string, file: File): Promise<Image> {
  const answer = await fetch(`/v1/images?${new URLSearchParams({ name: file.name })}`, {
    method: 'POST',
    headers: { 'X-Project-Id': projectId, 'Content-Type': 'application/octet-stream' },
    body: file,
  }).catch((error: unknown) => {
    throw new OtherRefusal('Posthorn cannot be reached. Check the network, then try again.', [], { cause: error })
  })
  if (answer.ok) return (await answer.json()) as Image // Safe because the contract says so of every answer that is good.
  const { error = {} } = (await answer.json().catch(() => ({}))) as Answer
  const words = [error.message ?? `“${file.name}” was not taken.`, error.suggestion].filter(Boolean)
  throw new OtherRefusal(words.join(' '))
}

/** The pictures among what was pasted or dropped. Office programs bring a picture of the words along, which is not meant. */
export const picturesIn = (data: DataTransfer | null): File[] =>
  data === null || data.types.includes('text/plain')
    ? []
    : [...data.files].filter(({ type }) => type.startsWith('image/'))
