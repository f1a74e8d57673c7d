import { OtherRefusal } from '../api/problem.ts'

interface Refused {
  error?: { message?: string; suggestion?: string }
}

/**
 * Has the browser save a file that the server makes while it is sent, so that it never stands in memory here. It is
 * asked for its head first: what is refused is said on the page, and not saved in place of the file.
 */
export async function saveFile(path: string, query: Record<string, string | undefined>): Promise<void> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const url = `${path}?${new URLSearchParams(given)}`
  const asked = await reach(url, 'HEAD')
  if (!asked.ok) throw await refusalOf(url)
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}

const reach = (url: string, method: 'HEAD' | 'GET') =>
  fetch(url, { method }).catch((error: unknown) => {
    throw new OtherRefusal('Posthorn cannot be reached. Check the network, then try again.', [], { cause: error })
  })

/** The answer to a question for the head has no words. */
async function refusalOf(url: string): Promise<OtherRefusal> {
  const answer = await reach(url, 'GET')
  const { error = {} } = (answer.ok ? {} : await answer.json().catch(() => ({}))) as Refused
  const words = [error.message ?? 'The file could not be made.', error.suggestion].filter(Boolean)
  return new OtherRefusal(words.join(' '))
}
