import { OtherRefusal } from '../../api/problem.ts'

export interface Upload {
  projectId: string
  file: File
  signal: AbortSignal
  /** Told from time to time how much of it has arrived, from 0 to 1. */
  onProgress(share: number): void
}

interface Answer {
  id?: string
  error?: { message?: string; suggestion?: string }
}

/** Uploads a file of contacts as it is, and answers with the id of the import. `fetch` could not say how far it is. */
export function uploadFile({ projectId, file, signal, onProgress }: Upload): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/v1/imports?${new URLSearchParams({ filename: file.name.slice(0, 255) })}`)
    request.setRequestHeader('X-Project-Id', projectId)
    request.setRequestHeader('Content-Type', 'text/csv')
    request.responseType = 'json'
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total))
    request.addEventListener('load', () => {
      const { id, error } = (request.response as Answer | null) ?? {}
      if (id !== undefined) return resolve(id)
      const words = [error?.message ?? 'The file could not be uploaded.', error?.suggestion].filter(Boolean)
      reject(new OtherRefusal(words.join(' ')))
    })
    request.addEventListener('error', () => {
      reject(new OtherRefusal('Posthorn cannot be reached. Check the network, then try again.'))
    })
    request.addEventListener('abort', () => reject(new OtherRefusal('The upload was cancelled.')))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
