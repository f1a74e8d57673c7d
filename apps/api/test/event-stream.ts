import { onTestFinished } from 'vitest'
import type { TestApi } from './start-test-api.ts'

export interface EventStream {
  status: number
  headers: Headers
  /** What was told so far, notice by notice. */
  notices: string[][]
  /** How the stream ended: with the code of a refusal, or because it was over. */
  ended: Promise<string>
  leave(): void
}

/** Follows `live.changes` as a page does, until the test ends. */
export async function openStream(
  { url }: Pick<TestApi, 'url'>,
  { headers, projectId }: { headers: Record<string, string>; projectId?: string },
): Promise<EventStream> {
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const params = projectId === undefined ? '' : `?connectionParams=${encodeURIComponent(JSON.stringify({ projectId }))}`
  const response = await fetch(`${url}/trpc/live.changes${params}`, { headers, signal: gone.signal })
  const notices: string[][] = []
  return {
    status: response.status,
    headers: response.headers,
    notices,
    ended: read(response, notices).catch((error: unknown) => String(error)),
    leave: () => gone.abort(),
  }
}

async function read(response: Response, notices: string[][]): Promise<string> {
  let text = ''
  for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += piece
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const fields = Object.fromEntries(event.split('\n').map((line) => line.split(/: ?(.*)/s, 2)))
      const data = fields['data'] === undefined ? undefined : JSON.parse(fields['data'])
      if (fields['event'] === 'serialized-error') return data.data.apiCode
      if (fields['event'] === undefined && data?.changed !== undefined) notices.push(data.changed)
    }
  }
  return 'over'
}
